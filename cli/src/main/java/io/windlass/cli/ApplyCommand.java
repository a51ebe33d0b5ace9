package io.windlass.cli;

import io.windlass.json.Json;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code windlass apply}. */
@Command(
        name = "apply",
        description = {
            "Has exactly the schedules of a set, as they stand in files: schedules, templates and instances, and CronJobs of"
                    + " Kubernetes. All of it is done or nothing."
        },
        mixinStandardHelpOptions = true)
final class ApplyCommand implements Callable<Integer> {
    @Mixin private final Server server = new Server();

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = {"-f", "--file"},
            paramLabel = "PATH",
            required = true,
            description = "a file, or a folder with all its .yaml, .yml and .json; may be repeated")
    private List<Path> files = List.of();

    @Option(
            names = "--set",
            paramLabel = "NAME",
            required = true,
            description = "whose schedules these are; those of other sets are never touched")
    private String set = "";

    @Option(names = "--prune", description = "removes what the set has and the files have not")
    private boolean prune;

    @Option(names = "--force", description = "though it removes more than half of the set")
    private boolean force;

    @Option(names = "--dry-run", description = "tells what would be done, and does nothing")
    private boolean dryRun;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "text or json",
            defaultValue = "text")
    private String output = "text";

    @Override
    public Integer call() throws Refusal {
        CommandSpec self = Objects.requireNonNull(spec);
        PrintWriter err = self.commandLine().getErr();
        SetFiles read = SetFiles.read(set, files);
        read.lost().forEach(field -> err.println("no equivalent: " + Visible.of(field)));
        Map<String, @Nullable Object> answer = applied(read);
        PrintWriter out = self.commandLine().getOut();
        if (output.equals("json")) {
            out.println(Visible.of(Json.write(answer)));
        } else {
            new Difference(out).print(answer);
        }
        out.flush();
        return answer.get("refused") == null ? 0 : 1;
    }

    private Map<String, @Nullable Object> applied(SetFiles read) throws Refusal {
        try {
            return server.post(
                    "/api/v1/schedules:apply" + (dryRun ? "?dryRun=true" : ""),
                    read.request(prune, force),
                    null);
        } catch (Refusal e) {
            StringBuilder told = new StringBuilder(String.valueOf(e.getMessage()));
            for (Object error : e.errors()) {
                Map<String, @Nullable Object> tree = Json.asObject(error);
                told.append(System.lineSeparator())
                        .append("  ")
                        .append(read.place(String.valueOf(tree.get("pointer"))))
                        .append(' ')
                        .append(tree.get("message"));
            }
            throw new Refusal(told.toString());
        }
    }
}
