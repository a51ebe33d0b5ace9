package io.windlass.cli;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code windlass submit}. */
@Command(
        name = "submit",
        description = "Submits a job: from a file, or from the options and the command after --.",
        mixinStandardHelpOptions = true)
final class SubmitCommand implements Callable<Integer> {
    @Mixin private final Server server = new Server();
    @Mixin private final JobOptions options = new JobOptions();

    @Spec private @Nullable CommandSpec spec;

    @Option(names = "--wait", description = "until it has ended; then the exit code tells how")
    private boolean wait;

    @Mixin private final Output output = new Output();

    @Override
    public Integer call() throws Refusal {
        Map<String, @Nullable Object> job = options.submit(server);
        while (wait && job.get("finishedAt") == null) {
            job = server.get(Server.job(job.get("id")) + "?wait=30s");
        }
        CommandSpec self = Objects.requireNonNull(spec);
        output.job(self.commandLine().getOut(), job);
        return wait ? Printed.exitCode(job) : 0;
    }
}
