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

/** {@code windlass rerun}. */
@Command(
        name = "rerun",
        description = "Submits a new job that is as another one was.",
        mixinStandardHelpOptions = true)
final class RerunCommand implements Callable<Integer> {
    @Mixin private final Server server = new Server();

    @Spec private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "JOB", description = JobLookup.WHAT)
    private String named = "";

    @Option(names = "--wait", description = "until it has ended; then the exit code tells how")
    private boolean wait;

    @Option(
            names = "--idempotency-key",
            paramLabel = "KEY",
            description = "the same key makes the same job")
    private @Nullable String key;

    @Mixin private final Output output = new Output();

    @Override
    public Integer call() throws Refusal {
        Map<String, @Nullable Object> job =
                server.post(Server.job(JobLookup.id(server, named)) + "/rerun", null, key);
        if (wait) {
            job = server.awaitEnd(job);
        }
        output.job(Objects.requireNonNull(spec).commandLine().getOut(), job);
        return wait ? Printed.exitCode(job) : 0;
    }
}
