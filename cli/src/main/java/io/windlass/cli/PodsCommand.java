package io.windlass.cli;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code windlass pods}. */
@Command(
        name = "pods",
        description =
                "Lists the pods of a job, with what became of each and whether its logs are whole.",
        mixinStandardHelpOptions = true)
final class PodsCommand implements Callable<Integer> {
    @Mixin private final Server server = new Server();
    @Mixin private final Output output = new Output();

    @Spec private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "JOB", description = JobLookup.WHAT)
    private String named = "";

    @Override
    public Integer call() throws Refusal {
        List<Map<String, @Nullable Object>> pods = of(server, JobLookup.id(server, named));
        PodTable table = new PodTable(Instant.now());
        output.list(
                Objects.requireNonNull(spec).commandLine().getOut(),
                pods,
                table.usual(),
                table.wide());
        return 0;
    }

    static List<Map<String, @Nullable Object>> of(Server server, String id) throws Refusal {
        return Server.objects(server.get(Server.job(id) + "/pods"), "items");
    }
}
