package io.windlass.cli;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code windlass get}. */
@Command(name = "get", description = "Shows a job.", mixinStandardHelpOptions = true)
final class GetCommand implements Callable<Integer> {
    @Mixin private final Server server = new Server();

    @Spec private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "JOB", description = JobLookup.WHAT)
    private String named = "";

    @Option(names = "--wait", description = "until it has ended; then the exit code tells how")
    private boolean wait;

    @Mixin private final Output output = new Output();

    @Override
    public Integer call() throws Refusal {
        Map<String, @Nullable Object> job = server.get(Server.job(JobLookup.id(server, named)));
        if (wait) {
            job = server.awaitEnd(job);
        }
        CommandSpec self = Objects.requireNonNull(spec);
        output.job(self.commandLine().getOut(), job);
        return wait ? Printed.exitCode(job) : 0;
    }
}
