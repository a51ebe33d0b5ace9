package io.windlass.cli;

import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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

/** {@code windlass watch}. */
@Command(
        name = "watch",
        description = {
            "Shows jobs again whenever something about them changes.",
            "With jobs: until these have ended; then the exit code is 1 if one of them has not succeeded."
        },
        mixinStandardHelpOptions = true)
final class WatchCommand implements Callable<Integer> {
    @Mixin private final Server server = new Server();
    @Mixin private final JobFilter filter = new JobFilter();
    @Mixin private final Output output = new Output();

    @Spec private @Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "JOB",
            description = JobLookup.WHAT + "; none means all that the options choose")
    private List<String> named = List.of();

    @Option(
            names = "--limit",
            paramLabel = "COUNT",
            description = "how many of the newest; default: 50",
            defaultValue = "50")
    private int limit = 50;

    @Option(
            names = "--every",
            paramLabel = "SECONDS",
            description = "seconds between two looks; default: 2",
            defaultValue = "2")
    private int every = 2;

    private List<String> ids = List.of();
    private final Map<Object, Object> shown = new HashMap<>();

    @Override
    public Integer call() throws Refusal, InterruptedException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        ids = JobLookup.ids(server, named);
        while (true) {
            List<Map<String, @Nullable Object>> jobs = look();
            show(out, jobs);
            if (!ids.isEmpty() && jobs.stream().allMatch(job -> job.get("finishedAt") != null)) {
                return jobs.stream().mapToInt(Printed::exitCode).max().orElse(0);
            }
            Thread.sleep(Math.max(1, every) * 1_000L);
        }
    }

    private List<Map<String, @Nullable Object>> look() throws Refusal {
        if (ids.isEmpty()) {
            return ListCommand.jobs(server, filter, limit).reversed();
        }
        List<Map<String, @Nullable Object>> jobs = new ArrayList<>();
        for (String id : ids) {
            jobs.add(server.get(Server.job(id)));
        }
        return jobs;
    }

    private void show(PrintWriter out, List<Map<String, @Nullable Object>> jobs) {
        List<Table.Column> columns = new JobTable(Instant.now()).usual();
        List<Map<String, @Nullable Object>> news = jobs.stream().filter(this::isNews).toList();
        List<String> lines = Table.lines(columns, news, Colours.ofThisTerminal());
        for (int i = 0; i < news.size(); i++) {
            output.line(out, news.get(i), lines.get(i + 1));
        }
    }

    private boolean isNews(Map<String, @Nullable Object> job) {
        Object version = Objects.requireNonNullElse(job.get("version"), "");
        return !version.equals(shown.put(String.valueOf(job.get("id")), version));
    }
}
