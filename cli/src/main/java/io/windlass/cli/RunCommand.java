package io.windlass.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code windlass run}. */
@Command(
        name = "run",
        description = {
            "Submits a job, shows what it writes, and exits as it did.",
            "Ctrl-C leaves the job alone, or cancels it with --cancel."
        },
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    /** As a shell says that a command could not be run at all. */
    private static final int NEVER_RAN = 125;

    @Mixin private final Server server = new Server();
    @Mixin private final JobOptions options = new JobOptions();

    @Spec private @Nullable CommandSpec spec;

    @Option(names = "--cancel", description = "cancels the job where this command is interrupted")
    private boolean cancel;

    @Override
    public Integer call() throws Refusal, IOException, InterruptedException {
        PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
        List<JobFiles.Written> jobs = options.jobs();
        if (jobs.size() != 1) {
            throw Refusal.wrongCall("run takes one job, and there are " + jobs.size());
        }
        Map<String, @Nullable Object> job = options.submit(server, jobs.getFirst());
        String id = String.valueOf(job.get("id"));
        err.println("job " + id);
        err.flush();
        AtomicBoolean ended = new AtomicBoolean();
        Thread whenInterrupted = new Thread(() -> interrupted(id, ended.get(), err));
        Runtime.getRuntime().addShutdownHook(whenInterrupted);
        LogReader reader = new LogReader(server, System.out, err);
        Map<String, @Nullable Object> last = new RunLogs(server, reader, id, "", "").follow();
        ended.set(true);
        return code(last, err);
    }

    private void interrupted(String id, boolean ended, PrintWriter err) {
        if (ended) {
            return;
        }
        try {
            if (cancel) {
                server.post(Server.job(id) + "/cancel", null, null);
                err.println("job " + id + " is cancelled");
            } else {
                err.println("job " + id + " goes on: windlass logs -f " + id);
            }
        } catch (Refusal e) {
            err.println("job " + id + " goes on: " + Visible.of(e.getMessage()));
        }
        err.flush();
    }

    private static int code(Map<String, @Nullable Object> job, PrintWriter err) {
        if ("SUCCEEDED".equals(job.get("state"))) {
            return 0;
        }
        err.println(
                Visible.of(
                        "job "
                                + job.get("id")
                                + " "
                                + job.get("state")
                                + (job.get("reason") == null ? "" : " " + job.get("reason"))
                                + (job.get("message") == null ? "" : ": " + job.get("message"))));
        err.flush();
        if (job.get("exitCode") instanceof Number code && code.intValue() != 0) {
            return code.intValue();
        }
        return Boolean.TRUE.equals(job.get("mayHaveRun")) ? 1 : NEVER_RAN;
    }
}
