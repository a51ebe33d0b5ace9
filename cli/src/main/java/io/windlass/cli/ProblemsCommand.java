package io.windlass.cli;

import io.windlass.json.Json;
import java.io.PrintWriter;
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

/** {@code windlass problems}. */
@Command(
        name = "problems",
        description = "Tells what stops jobs now, those in the same trouble together.",
        mixinStandardHelpOptions = true)
final class ProblemsCommand implements Callable<Integer> {
    @Mixin private final Server server = new Server();

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "text or json",
            defaultValue = "text")
    private String output = "text";

    @Override
    public Integer call() throws Refusal {
        Map<String, @Nullable Object> answer = server.get("/api/v1/problems");
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        if (output.equals("json")) {
            out.println(Visible.of(Json.write(answer)));
        } else if (answer.get("items") instanceof List<?> items) {
            items.forEach(item -> print(out, Json.asObject(item)));
            if (items.isEmpty()) {
                out.println("nothing stops any job");
            }
        }
        out.flush();
        return 0;
    }

    private static void print(PrintWriter out, Map<String, @Nullable Object> cause) {
        Object object = cause.get("object") == null ? null : Visible.of(cause.get("object"));
        Object namespace =
                cause.get("namespace") == null ? null : Visible.of(cause.get("namespace"));
        String jobs = Visible.of(cause.get("jobs"));
        if (jobs.equals("0")) {
            out.printf(
                    "%s: %s%s%n",
                    object,
                    Visible.of(cause.get("class")),
                    cause.get("since") == null ? "" : ", since " + Visible.of(cause.get("since")));
        } else {
            out.printf(
                    "%s %s: %s%s%s, since %s%n",
                    jobs,
                    jobs.equals("1") ? "job" : "jobs",
                    Visible.of(cause.get("class")),
                    object == null ? "" : ", " + object,
                    namespace == null ? "" : " in " + namespace,
                    Visible.of(cause.get("since")));
        }
        out.printf("  %s%n", Visible.of(cause.get("cause")));
        if (cause.get("verdictAt") != null) {
            out.printf("  the first of them fails at %s%n", Visible.of(cause.get("verdictAt")));
        }
    }
}
