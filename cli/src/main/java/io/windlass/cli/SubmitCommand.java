package io.windlass.cli;

import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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
        description = "Submits jobs: from files, or one from the options and the command after --.",
        mixinStandardHelpOptions = true)
final class SubmitCommand implements Callable<Integer> {
    /** As HTTP says that it is this job that is not taken, and not all of them. */
    private static final Set<Integer> OF_THE_JOB = Set.of(400, 409, 410, 413, 422);

    @Mixin private final Server server = new Server();
    @Mixin private final JobOptions options = new JobOptions();

    @Spec private @Nullable CommandSpec spec;

    @Option(names = "--wait", description = "until it has ended; then the exit code tells how")
    private boolean wait;

    @Mixin private final Output output = new Output();

    @Override
    public Integer call() throws Refusal {
        List<JobFiles.Written> written = options.jobs();
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        if (written.size() == 1) {
            Map<String, @Nullable Object> job = options.submit(server, written.getFirst());
            job = wait ? server.awaitEnd(job) : job;
            output.job(out, job);
            return wait ? Printed.exitCode(job) : 0;
        }
        List<Map<String, @Nullable Object>> jobs = new ArrayList<>();
        int refused = submitAll(written, jobs);
        try {
            for (int i = 0; wait && i < jobs.size(); i++) {
                jobs.set(i, server.awaitEnd(jobs.get(i)));
            }
        } finally {
            // also where the server is away: nobody else knows their ids
            JobTable table = new JobTable(Instant.now());
            output.list(out, jobs, table.usual(), table.wide());
            out.flush();
        }
        int worst = wait ? jobs.stream().mapToInt(Printed::exitCode).max().orElse(0) : 0;
        return Math.max(worst, refused > 0 ? 1 : 0);
    }

    /** One that is not valid does not keep the others back. How many were refused. */
    private int submitAll(
            List<JobFiles.Written> written, List<Map<String, @Nullable Object>> jobs) {
        PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
        int refused = 0;
        for (JobFiles.Written one : written) {
            try {
                jobs.add(options.submit(server, one));
            } catch (Refusal e) {
                refused++;
                err.println(Visible.of(one.place() + ": " + e.told()));
                if (!OF_THE_JOB.contains(e.status())) {
                    err.println(
                            "%d of %d jobs are submitted".formatted(jobs.size(), written.size()));
                    return refused;
                }
            }
        }
        return refused;
    }
}
