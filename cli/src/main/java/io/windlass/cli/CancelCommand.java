package io.windlass.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code windlass cancel}. */
@Command(name = "cancel", description = "Cancels a job.", mixinStandardHelpOptions = true)
final class CancelCommand implements Callable<Integer> {
    @Mixin private final Server server = new Server();

    @Spec private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "JOB", description = JobLookup.WHAT)
    private String named = "";

    @Mixin private final Output output = new Output();

    @Override
    public Integer call() throws Refusal {
        CommandSpec self = Objects.requireNonNull(spec);
        output.job(
                self.commandLine().getOut(),
                server.post(Server.job(JobLookup.id(server, named)) + "/cancel", null, null));
        return 0;
    }
}
