package io.windlass.benchmarks;

import io.windlass.harness.Api;
import io.windlass.harness.AuditLog;
import io.windlass.harness.Stack;
import io.windlass.harness.Wiring;
import io.windlass.testing.TestCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** All of it on one stack, one after the other. */
final class Bench {
    private static final String PROFILE = System.getenv("WINDLASS_BENCH_PROFILE");

    private static final List<String> PARTS =
            List.of(
                    System.getenv()
                            .getOrDefault(
                                    "WINDLASS_BENCH_PARTS",
                                    "submissions,answers,verdicts,drain,backlog,start")
                            .split(",", -1));

    /** Other ones to compare those that images have. */
    private static final List<String> JAVA_OPTIONS =
            List.of(
                    System.getenv()
                            .getOrDefault("WINDLASS_BENCH_JAVA", "-XX:+UseSerialGC -Xmx320m")
                            .split(" ", -1));

    /** Nothing is kept in the cluster that has ended. */
    static final Map<String, String> SETTINGS =
            Map.of("WINDLASS_CLEANUP_KEEP_SUCCEEDED", "0s", "WINDLASS_CLEANUP_KEEP_FAILED", "0s");

    private Bench() {}

    /** The table; in the long form it is also kept under {@code benchmarks/results}. */
    static String run(Scale scale) throws Exception {
        Path kubeconfig = TestCluster.kubeconfig().orElseThrow();
        Path audit = AuditLog.file().orElseThrow();
        Results results = new Results();
        if (PARTS.contains("jvm")) {
            new JvmBench(kubeconfig, audit, scale, results).run();
            return finish(results, scale);
        }
        List<String> java = new ArrayList<>(JAVA_OPTIONS);
        if (PROFILE != null) {
            java.add(
                    "-XX:StartFlightRecording=settings=profile,dumponexit=true,filename="
                            + PROFILE
                            + "/");
        }
        Stack.Plan plan = new Stack.Plan(SETTINGS, 1, java);
        try (Stack stack = new Stack(plan, database -> new Wiring.Direct(database, kubeconfig))) {
            Api api = stack.api();
            String cluster = "/api/v1/clusters/" + stack.cluster();
            api.call("POST", cluster + "/pause", null);
            if (PARTS.contains("submissions")) {
                SubmissionBench.run(stack, scale, results);
                stack.database().forgetAllJobs();
            }
            api.call("POST", cluster + "/resume", null);
            if (PARTS.contains("answers")) {
                AnswerBench.run(stack, kubeconfig, scale, results);
            }
            if (PARTS.contains("verdicts")) {
                VerdictBench.run(stack, kubeconfig, audit, scale, results);
            }
            if (PARTS.contains("drain")) {
                DrainBench.run(stack, kubeconfig, audit, scale, results);
            }
            if (PARTS.contains("backlog")) {
                BacklogBench.run(stack, kubeconfig, scale, results);
            }
            if (PARTS.contains("start")) {
                api.call("POST", cluster + "/pause", null);
                StartBench.run(stack, results);
            }
        }
        return finish(results, scale);
    }

    private static String finish(Results results, Scale scale) throws IOException {
        String table = results.table();
        System.out.println(table);
        if (scale.forFigures()) {
            keep(table);
        }
        return table;
    }

    private static void keep(String table) throws IOException {
        Path file =
                Path.of(
                        "results",
                        LocalDate.now(java.time.ZoneOffset.UTC)
                                + (PARTS.contains("jvm") ? "-jvm.md" : ".md"));
        Files.createDirectories(file.getParent());
        Files.writeString(
                file,
                "# Figures of "
                        + file.getFileName().toString().replace(".md", "")
                        + "\n\n"
                        + table);
        System.out.println("[bench] " + file.toAbsolutePath());
    }
}
