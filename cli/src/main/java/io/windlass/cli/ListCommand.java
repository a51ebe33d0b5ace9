package io.windlass.cli;

import java.io.PrintWriter;
import java.time.Instant;
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

/** {@code windlass list}. */
@Command(
        name = "list",
        aliases = "ls",
        description = "Lists jobs, the newest first.",
        mixinStandardHelpOptions = true)
final class ListCommand implements Callable<Integer> {
    @Mixin private final Server server = new Server();
    @Mixin private final JobFilter filter = new JobFilter();
    @Mixin private final Output output = new Output();

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--limit",
            paramLabel = "COUNT",
            description = "how many at most; default: 50",
            defaultValue = "50")
    private int limit = 50;

    @Option(names = "--all", description = "all of them, however many")
    private boolean all;

    @Override
    public Integer call() throws Refusal {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        List<Map<String, @Nullable Object>> jobs =
                jobs(server, filter, all ? Integer.MAX_VALUE : limit);
        JobTable table = new JobTable(Instant.now());
        output.list(out, jobs, table.usual(), table.wide());
        return 0;
    }

    static List<Map<String, @Nullable Object>> jobs(Server server, JobFilter filter, int most)
            throws Refusal {
        return server.items("/api/v1/jobs", filter.query(), most);
    }
}
