package io.windlass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.harness.Api;
import io.windlass.harness.Commands;
import io.windlass.harness.Figures;
import io.windlass.harness.NumberedLines;
import io.windlass.harness.WindlassUp;
import io.windlass.testing.TestSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./windlass up}, as somebody runs it who has nothing else. */
class StandaloneIT {
    private static final Path ROOT = Path.of(System.getProperty("windlass.root", ".."));
    private static final int JOBS = TestSize.of(20, 1_000);
    private static final Duration FIRST_JOB_LIMIT = Bounds.of(Duration.ofSeconds(3));
    private static final Duration START_LIMIT = Bounds.of(Duration.ofSeconds(30));
    @TempDir Path data;
    private WindlassUp up;
    private Api api;

    private void start() throws IOException {
        up = WindlassUp.start(ROOT, data);
        api = up.api();
    }

    private static void allGone(List<ProcessHandle> processes) {
        Awaitility.await("no process is left")
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(processes).noneMatch(ProcessHandle::isAlive));
    }

    @AfterEach
    void stop() {
        if (up != null) {
            up.close();
        }
    }

    @Test
    void shouldRunAJobSoonAndStillHaveItAfterARestartAndLeaveNoProcess() throws Exception {
        start();
        assertThat(Files.getPosixFilePermissions(data.resolve("auth-header"))).hasSize(2);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
                .as("others of this machine read nothing of it")
                .isEqualTo("rwx------");
        Instant begin = Instant.now();
        String id = api.submit(Api.job("hello", "sh", "-c", "echo hello"));
        Map<String, Object> end = api.awaitEnd(id, Duration.ofSeconds(30));
        Duration job = Figures.put("windlass up: first job, POST to SUCCEEDED", begin);
        assertThat(end).containsEntry("state", "SUCCEEDED");
        assertThat(job).isLessThan(FIRST_JOB_LIMIT);
        String ending = id.substring(id.length() - 8);
        assertThat(windlass("list", "--state", "SUCCEEDED")).contains(ending, "default/hello");
        assertThat(windlass("get", ending)).contains(id);
        assertThat(windlass("describe", "default/hello")).contains("id: " + id, "Submitted");
        assertThat(windlass("pods", "hello")).contains("Succeeded");
        assertThat(bare("list")).as("it is found by its data folder").contains(ending);
        assertThat(windlass("watch", id, "-o", "name")).contains(id);
        assertThat(windlass("events", id)).contains("Submitted", "-> SUCCEEDED");
        assertThat(windlass("events", "-o", "name")).contains(id);
        String sleeper = api.submit(Api.job("sleeper", "sleep", "1000"));
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> "RUNNING".equals(api.get(sleeper).get("state")));
        List<ProcessHandle> started = up.processes();
        assertThat(started).hasSizeGreaterThan(5);
        up.close();
        allGone(started);
        assertThat(data.resolve("address")).as("nobody listens there any more").doesNotExist();

        begin = Instant.now();
        start();
        Duration took = Figures.put("windlass up: once built, start to ready", begin);
        assertThat(took).isLessThan(START_LIMIT);
        assertThat(api.get(id)).containsEntry("state", "SUCCEEDED");
        assertThat(windlass("logs", id)).isEqualTo("hello\n");
        Map<String, Object> slept = api.awaitEnd(sleeper, Duration.ofSeconds(60));
        assertThat(slept)
                .as("its process ended with the machine that ran it")
                .containsEntry("reason", "JOB_DELETED")
                .containsEntry("mayHaveRun", true);
        Figures.print();
    }

    @Test
    void shouldKeepAllThatManyJobsWriteAndRunOneAsIfItWereHere() throws Exception {
        start();
        List<Map<String, Object>> jobs = new ArrayList<>();
        for (int i = 0; i < JOBS; i++) {
            jobs.add(Api.job("mb-" + i, "bash", "-c", new NumberedLines(i, 1 << 20).script()));
        }
        Instant begin = Instant.now();
        List<String> ids = api.submitAll(jobs);
        for (int i = 0; i < JOBS; i++) {
            String id = ids.get(i);
            assertThat(api.awaitEnd(id, Duration.ofMinutes(10)))
                    .containsEntry("state", "SUCCEEDED");
            String sum = new NumberedLines(i, 1 << 20).sha256();
            Awaitility.await("the receipt of " + id)
                    .atMost(Duration.ofMinutes(5))
                    .pollDelay(Duration.ZERO)
                    .untilAsserted(() ->
                            assertThat(api.call("GET", "/api/v1/jobs/" + id + "/pods", null).body())
                                    .asString()
                                    .contains("sha256=" + sum, "complete=true"));
        }
        Figures.put(
                "windlass up: %,d jobs that write 1 MiB each, until all receipts are right"
                        .formatted(JOBS),
                begin);
        assertThat(windlass("run", "--image", "any", "--", "echo", "as if it were here"))
                .contains("as if it were here\n");
        Figures.print();
    }

    @Test
    void shouldHaveTheSchedulesThatAFolderSaysAndRunThem() throws Exception {
        start();
        Path periodics = Files.createDirectory(data.resolve("periodics"));
        Files.writeString(
                periodics.resolve("ticks.yaml"),
                """
                templates:
                - name: tick
                  parameters: [{name: target}]
                  schedule: {name: 'tick-${target}', every: 1s, job: {image: 'busybox:1.36', command: [echo, '${target}']}}
                instances:
                - {template: tick, with: {target: a}}
                - {template: tick, with: {target: b}}
                """);
        assertThat(windlass("apply", "-f", periodics.toString(), "--set", "ours", "--dry-run"))
                .contains("+ default/tick-a", "dry run of set ours: 2 created");
        windlass("apply", "-f", periodics.toString(), "--set", "ours");
        Awaitility.await("a run has succeeded")
                .atMost(Duration.ofSeconds(30))
                .until(() -> windlass("schedule", "runs", "tick-a").contains("SUCCEEDED"));
        assertThat(windlass("schedule", "pause", "tick-b")).contains("tick-b is paused");
        assertThat(windlass("schedule", "list", "--set", "ours")).contains("every 1s", "paused");
        Files.writeString(
                periodics.resolve("ticks.yaml"),
                "name: tick-b\nevery: 1h\njob: {image: 'busybox:1.36', command: ['true']}\n");
        assertThat(windlass("apply", "-f", periodics.toString(), "--set", "ours", "--prune"))
                .contains("- default/tick-a", "/every: \"1s\" -> \"1h\"")
                .contains("0 created, 1 updated, 1 removed");
        assertThat(windlass("schedule", "list"))
                .contains("tick-b", "paused")
                .doesNotContain("tick-a");
    }

    /** What the command line says that is only told where the data are. */
    private String bare(String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(ROOT.resolve("windlass").toAbsolutePath().toString()));
        command.addAll(List.of(arguments));
        return Commands.run(data, Map.of("WINDLASS_DATA", data.toString()), command);
    }

    /** What the command line says. */
    private String windlass(String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(ROOT.resolve("windlass").toAbsolutePath().toString()));
        command.addAll(List.of(arguments));
        int end = command.indexOf("--");
        // the address stands beside it
        command.addAll(
                end < 0 ? command.size() : end,
                List.of("--auth-header", data.resolve("auth-header").toString()));
        return Commands.run(data, Map.of(), command);
    }

    @Test
    void shouldLeaveNoProcessThoughItIsKilled() throws Exception {
        start();
        String sleeper = api.submit(Api.job("sleeper", "sleep", "1000"));
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> "RUNNING".equals(api.get(sleeper).get("state")));
        List<ProcessHandle> started = up.processes();
        started.stream()
                .filter(p -> p.info().command().orElse("").endsWith("java"))
                .forEach(ProcessHandle::destroyForcibly);
        allGone(started);
        start();
        assertThat(api.get(sleeper).get("id")).isEqualTo(sleeper);
    }
}
