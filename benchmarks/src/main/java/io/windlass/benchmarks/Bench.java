package io.windlass.benchmarks;

import io.windlass.harness.Api;
import io.windlass.harness.AuditLog;
import io.windlass.harness.Commands;
import io.windlass.harness.Stack;
import io.windlass.harness.Wiring;
import io.windlass.testing.TestCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All of it on one stack, one after the other; then the JVMs, each on a stack of its own. */
final class Bench {
    private static final String JVM = "jvm";

    /** Promptness of {@code windlass up}. */
    private static final String UP = "up";

    private static final List<String> PARTS_OF_ONE_STACK =
            List.of(
                    "submissions",
                    "answers",
                    "promptness",
                    "verdicts",
                    "drain",
                    "backlog",
                    "start");

    static final List<String> PARTS =
            Stream.concat(PARTS_OF_ONE_STACK.stream(), Stream.of(UP, JVM)).toList();

    private static final Path RESULTS = Path.of("results");
    static final Path LAST = RESULTS.resolve("last.tsv");

    private static final String PROFILE = System.getenv("WINDLASS_BENCH_PROFILE");

    /** Other ones to compare those that images have. */
    private static final String OTHER_JAVA_OPTIONS = System.getenv("WINDLASS_BENCH_JAVA");

    private static final String JAVA_OPTIONS = "-XX:+UseSerialGC -Xmx320m";

    /**
     * Those of the first records: one more process on so few cores, and figures would not compare.
     * The two that are left out, schedules-processor and cluster-gateway, do nothing for these
     * jobs.
     */
    static final List<String> MODULES =
            List.of(
                    "web-server",
                    "messages-processor",
                    "job-status-processor",
                    "pod-events-processor");

    /** Nothing is kept in the cluster that has ended. */
    static final Map<String, String> SETTINGS =
            Map.of("WINDLASS_CLEANUP_KEEP_SUCCEEDED", "0s", "WINDLASS_CLEANUP_KEEP_FAILED", "0s");

    private final Scale scale;
    private final Set<String> parts;
    private final Path kubeconfig = TestCluster.kubeconfig().orElseThrow();
    private final Path audit = AuditLog.file().orElseThrow();
    private final Results results = new Results();
    private final Results ofJvms = new Results();

    Bench(Scale scale) {
        this.scale = scale;
        this.parts = parts(scale);
    }

    /** Which parts a run takes: in the full size all, unless some are named. */
    private static Set<String> parts(Scale scale) {
        String named = System.getenv("WINDLASS_BENCH_PARTS");
        if (named == null) {
            return PARTS.stream()
                    .filter(part -> scale.forFigures() || !part.equals(JVM))
                    .collect(Collectors.toUnmodifiableSet());
        }
        Set<String> parts = Set.of(named.strip().split(",", -1));
        if (!PARTS.containsAll(parts)) {
            throw new IllegalArgumentException(
                    "WINDLASS_BENCH_PARTS is " + named + "; the parts are " + PARTS);
        }
        return parts;
    }

    /**
     * What was measured. In the full size the tables are also kept under {@code
     * benchmarks/results}.
     */
    List<Figure> run() throws Exception {
        if (parts.stream().anyMatch(PARTS_OF_ONE_STACK::contains)) {
            runOnOneStack();
        }
        if (begins(UP)) {
            PromptnessBench.onThisMachine(scale, results);
        }
        if (!results.isEmpty()) {
            finish(results, "");
        }
        if (parts.contains(JVM)) {
            new JvmBench(kubeconfig, audit, scale, ofJvms).run();
            finish(ofJvms, "-" + JVM);
        }
        return Stream.concat(results.figures().stream(), ofJvms.figures().stream()).toList();
    }

    /** What took longer than the documentation promises. */
    List<String> beyondTheirBars() {
        return results.beyondTheirBars();
    }

    /** With the records of the last run, and of all parts that were run nothing may be missing. */
    Comparison compared(List<Figure> figures) throws IOException {
        return Comparison.of(figures, LastFigures.read(LAST), parts);
    }

    /**
     * For the next run. Figures of other JVM options, or of JVMs that record themselves, are none.
     */
    void remember(List<Figure> figures) throws IOException, InterruptedException {
        if (PROFILE == null && OTHER_JAVA_OPTIONS == null) {
            LastFigures.read(LAST).with(figures, today(), commit()).write(LAST);
            System.out.println("[bench] " + LAST.toAbsolutePath());
        }
    }

    private static String today() {
        return LocalDate.now(ZoneOffset.UTC).toString();
    }

    private static String commit() throws IOException, InterruptedException {
        return Commands.run(Path.of("."), Map.of(), List.of("git", "rev-parse", "--short", "HEAD"))
                .strip();
    }

    private void runOnOneStack() throws Exception {
        List<String> java =
                new ArrayList<>(
                        List.of(
                                (OTHER_JAVA_OPTIONS == null ? JAVA_OPTIONS : OTHER_JAVA_OPTIONS)
                                        .split(" ", -1)));
        if (PROFILE != null) {
            java.add(
                    "-XX:StartFlightRecording=settings=profile,dumponexit=true,filename="
                            + PROFILE
                            + "/");
        }
        Stack.Plan plan = new Stack.Plan(SETTINGS, 1, java, MODULES);
        try (Stack stack = new Stack(plan, database -> new Wiring.Direct(database, kubeconfig))) {
            Api api = stack.api();
            String cluster = "/api/v1/clusters/" + stack.cluster();
            api.call("POST", cluster + "/pause", null);
            if (begins("submissions")) {
                SubmissionBench.run(stack, scale, results);
                stack.database().forgetAllJobs();
            }
            api.call("POST", cluster + "/resume", null);
            if (begins("answers")) {
                AnswerBench.run(stack, kubeconfig, scale, results);
            }
            if (begins("promptness")) {
                PromptnessBench.onACluster(stack, kubeconfig, scale, results);
            }
            if (begins("verdicts")) {
                VerdictBench.run(stack, kubeconfig, audit, scale, results);
            }
            if (begins("drain")) {
                DrainBench.run(stack, kubeconfig, audit, scale, results);
            }
            if (begins("backlog")) {
                BacklogBench.run(stack, kubeconfig, scale, results);
            }
            if (begins("start")) {
                api.call("POST", cluster + "/pause", null);
                StartBench.run(stack, results);
            }
        }
    }

    private boolean begins(String part) {
        results.part(part);
        return parts.contains(part);
    }

    private void finish(Results taken, String suffix) throws IOException {
        String table = taken.table();
        System.out.println(table);
        if (scale.forFigures()) {
            Path file = RESULTS.resolve(today() + suffix + ".md");
            Files.createDirectories(RESULTS);
            Files.writeString(file, "# Figures of " + today() + suffix + "\n\n" + table);
            System.out.println("[bench] " + file.toAbsolutePath());
        }
    }
}
