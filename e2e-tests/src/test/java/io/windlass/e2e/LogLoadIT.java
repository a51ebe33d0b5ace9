package io.windlass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.windlass.harness.Figures;
import io.windlass.harness.LogClient;
import io.windlass.harness.LogComparison;
import io.windlass.harness.LogStack;
import io.windlass.harness.NumberedLines;
import io.windlass.harness.Service;
import io.windlass.harness.WrittenLines;
import io.windlass.json.Json;
import io.windlass.testing.TestCluster;
import io.windlass.testing.TestSize;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * Many jobs, many bytes, many readers, and gateways that are killed. The full size is that of
 * docs/logs.md.
 */
@EnabledIf("available")
class LogLoadIT {
    private static final Duration SOON = LogStack.SOON;
    private static final int MEGABYTE = 1 << 20;
    private static final int JOBS = TestSize.of(20, 100);
    private static final int PODS = TestSize.of(10, 100);
    private static final int READERS = TestSize.of(3, 10);
    private static final int READERS_CUT_LIMIT = READERS / 5;
    private static final int SECONDS = TestSize.of(3, 10);

    /** Without what the shell itself says of the end of its program. */
    private static final String FAST =
            "exec 2>/dev/null; timeout " + SECONDS + " seq 1 2000000000; sleep 1; echo end";

    private static final WrittenLines FAST_LINES = new WrittenLines(1, "", "");
    private static final long BIG = TestSize.of(100L, 2048L) * MEGABYTE;
    private static final WrittenLines BIG_LINES =
            new WrittenLines(1, "", "0123456789abcdef".repeat(64));

    private static LogStack logs;

    static boolean available() {
        return TestCluster.available();
    }

    @BeforeAll
    static void start() throws Exception {
        logs = new LogStack(Map.of("WINDLASS_GATEWAY_LEASE", "6s"));
    }

    @AfterAll
    static void stop() throws Exception {
        if (logs != null) {
            logs.close();
        }
    }

    @Test
    void shouldKeepAllThatManyJobsWrite() throws Exception {
        List<Map<String, Object>> jobs = new ArrayList<>();
        for (int i = 0; i < JOBS; i++) {
            jobs.add(
                    logs.job(
                            "megabyte-" + i,
                            new NumberedLines(i, MEGABYTE).script() + LogStack.ENDING));
        }
        Instant begun = Instant.now();
        int doubted = 0;
        List<String> ids = logs.api().submitAll(jobs);
        for (int i = 0; i < JOBS; i++) {
            assertThat(logs.api().awaitEnd(ids.get(i), SOON.multipliedBy(5)))
                    .containsEntry("state", "SUCCEEDED");
            Map<String, Object> receipt = logs.closed(ids.get(i));
            byte[] wrote = new NumberedLines(i, MEGABYTE).content();
            assertThat(receipt)
                    .as("job %s", ids.get(i))
                    .containsEntry("sha256", LogClient.sha256(wrote));
            assertThat(logs.read(ids.get(i), "?raw=true")).isEqualTo(wrote);
            doubted += isDoubted(receipt) ? 1 : 0;
        }
        Figures.put(
                JOBS
                        + " jobs that write 1 MiB each, submitted until all receipts are right and read back",
                begun);
        Figures.put("of these receipts, begun too late to be sure", Integer.toString(doubted));
        assertThat(doubted).isLessThanOrEqualTo(doubtedLimit(JOBS));
    }

    /**
     * On a machine with too much to do 19 of 100 were in doubt (docs/logs.md). Where it is more
     * than a third, those who follow come late.
     */
    private static int doubtedLimit(int logs) {
        return logs / 3;
    }

    @Test
    void shouldLoseNothingWhenTheGatewaysAreKilledInTheMiddle() throws Exception {
        List<Map<String, Object>> jobs = new ArrayList<>();
        for (int i = 0; i < PODS; i++) {
            jobs.add(
                    logs.job(
                            "line-by-line-" + i,
                            "for n in $(seq 1 150); do echo line $n of "
                                    + i
                                    + "; sleep 0.1; done"));
        }
        List<String> ids = logs.api().submitAll(jobs);
        Awaitility.await("all are followed")
                .atMost(SOON)
                .until(() ->
                        ids.stream()
                                .allMatch(id -> {
                                    try {
                                        return logs.read(id, "").length > 0;
                                    } catch (IOException e) {
                                        return false;
                                    }
                                }));
        int doubted = 0;
        List<CompletableFuture<LogClient.Read>> readers =
                ids.stream().map(id -> logs.follow(id, "&raw=true")).toList();
        for (Service gateway : logs.stack().services("cluster-gateway")) {
            gateway.kill();
        }
        for (Service gateway : logs.stack().services("cluster-gateway")) {
            gateway.startAgain();
        }
        for (int i = 0; i < PODS; i++) {
            assertThat(logs.api().awaitEnd(ids.get(i), SOON)).containsEntry("state", "SUCCEEDED");
            StringBuilder wrote = new StringBuilder();
            for (int n = 1; n <= 150; n++) {
                wrote.append("line ").append(n).append(" of ").append(i).append('\n');
            }
            String sum = LogClient.sha256(wrote.toString().getBytes(StandardCharsets.US_ASCII));
            Map<String, Object> receipt = logs.closed(ids.get(i));
            assertThat(receipt).containsEntry("sha256", sum);
            doubted += isDoubted(receipt) ? 1 : 0;
            assertThat(readers.get(i).get(1, TimeUnit.MINUTES).sha256()).isEqualTo(sum);
        }
        Figures.put(
                "kill -9 of both gateways while they follow " + PODS + " pods: bytes lost",
                "0; begun too late to be sure: " + doubted);
        assertThat(doubted).isLessThanOrEqualTo(doubtedLimit(PODS));
    }

    /** On a busy machine a pod may have run for long before its node tells of it. */
    private static boolean isDoubted(Map<String, Object> receipt) {
        if (!Boolean.TRUE.equals(receipt.get("complete"))) {
            assertThat((List<?>) receipt.get("lost")).hasSize(1);
            assertThat(receipt.get("lost").toString()).contains("at=0", "LAGGED");
        }
        return !Boolean.TRUE.equals(receipt.get("complete"));
    }

    @Test
    void shouldGiveManyReadersOfAFastWriterEveryByte() throws Exception {
        String id = logs.api().submit(logs.job("fast", FAST));
        String url = "http://127.0.0.1:" + logs.stack().services("web-server").getFirst().port();
        List<CompletableFuture<LogClient.Whole>> readers = new ArrayList<>();
        List<LogComparison> comparisons = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            LogComparison comparison = new LogComparison(FAST_LINES, "end\n");
            comparisons.add(comparison);
            readers.add(LogClient.followWhole(url, logs.stack().token(), id, comparison));
        }
        CompletableFuture<LogClient.Read> timed = logs.follow(id, "&timestamps=true");
        assertThat(logs.api().awaitEnd(id, SOON.multipliedBy(3)))
                .containsEntry("state", "SUCCEEDED");
        Map<String, Object> receipt = logs.closed(id);
        int cut = 0;
        for (int i = 0; i < READERS; i++) {
            LogClient.Whole read = readers.get(i).get(5, TimeUnit.MINUTES);
            assertThat(comparisons.get(i).faults(receipt)).as("reader %d", i).isEmpty();
            if (read.answers() > 1) {
                cut++;
            } else {
                assertThat(read.sha256()).isEqualTo(receipt.get("sha256"));
            }
        }
        assertThat(cut)
                .as("readers that were cut off, or came to what is left out")
                .isLessThanOrEqualTo(READERS_CUT_LIMIT);
        List<Duration> lags = timed.get(5, TimeUnit.MINUTES).lags();
        Figures.put(
                "short lines as fast as possible for "
                        + SECONDS
                        + " s, "
                        + READERS
                        + " live readers",
                "%,d lines, %,d bytes; %d readers cut; lost: %s"
                        .formatted(
                                LogStack.number(receipt, "lines"),
                                LogStack.number(receipt, "bytes"),
                                cut,
                                receipt.get("lost")));
        Figures.put("lag of a live reader of it, p50 / p95 / most", LogClient.percentiles(lags));
        if (TestSize.isFull()) {
            // a figure to compare with, and no proof
            Figures.put(
                    "lag of the same from the API server, without Windlass, p50 / p95 / most",
                    LogClient.percentiles(lagsOfTheNode()));
        }
    }

    private static List<Duration> lagsOfTheNode() throws Exception {
        Pod pod =
                new PodBuilder()
                        .withNewMetadata()
                        .withName("fast-alone")
                        .endMetadata()
                        .withNewSpec()
                        .withRestartPolicy("Never")
                        .addNewContainer()
                        .withName("main")
                        .withImage("busybox:1.36")
                        .withCommand("sh", "-c", FAST)
                        .endContainer()
                        .endSpec()
                        .build();
        PodResource there =
                logs.cluster()
                        .client()
                        .pods()
                        .inNamespace(logs.cluster().namespace())
                        .resource(pod);
        there.create();
        there.waitUntilCondition(
                p -> p != null && !"Pending".equals(p.getStatus().getPhase()),
                SOON.toSeconds(),
                TimeUnit.SECONDS);
        try (InputStream log = there.usingTimestamps().watchLog().getOutput()) {
            return LogClient.read(log).lags();
        }
    }

    @Test
    void shouldFillNeitherMemoryNorDatabaseWhateverIsWritten() throws Exception {
        long before = logs.stack().database().number("select pg_total_relation_size('log_object')");
        String id =
                logs.api()
                        .submit(
                                logs.job(
                                        "big",
                                        "seq -s '"
                                                + BIG_LINES.after()
                                                + "\n' 1 100000000 | head -c "
                                                + BIG
                                                + LogStack.ENDING));
        long most = before;
        double memory = 0;
        while (logs.api()
                        .call("GET", "/api/v1/jobs/" + id + "?wait=1s", null)
                        .body()
                        .get("finishedAt")
                == null) {
            most =
                    Math.max(
                            most,
                            logs.stack()
                                    .database()
                                    .number("select pg_total_relation_size('log_object')"));
            memory = Math.max(memory, inMemory());
        }
        Map<String, Object> receipt = logs.closed(id);
        assertThat(most - before).isLessThan(64L * MEGABYTE);
        assertThat(memory).isLessThan(4.0 * MEGABYTE);
        Map<String, Object> omitted = Json.asObject(receipt.get("omitted"));
        assertThat(LogStack.number(omitted, "from")).isEqualTo(LogStack.HEAD);
        assertThat(LogStack.number(receipt, "bytes") - LogStack.number(omitted, "to"))
                .isBetween(LogStack.TAIL, LogStack.TAIL + MEGABYTE);
        LogComparison kept = new LogComparison(BIG_LINES, "");
        byte[] head = logs.read(id, "?raw=true");
        kept.bytes(0, head, head.length);
        byte[] tail = logs.read(id, "?raw=true&offset=" + LogStack.HEAD);
        kept.bytes(LogStack.number(omitted, "to"), tail, tail.length);
        assertThat(kept.faults(receipt)).as("what is kept").isEmpty();
        assertThat(kept.written()).as("it ends with the end of what was written").isEqualTo(BIG);
        List<?> lost = (List<?>) receipt.get("lost");
        Figures.put(
                "a job that writes " + BIG / MEGABYTE + " MiB",
                "%,d bytes read; omitted %s; lost %s; its objects took at most %d MiB in the database, %d KiB in memory"
                        .formatted(
                                LogStack.number(receipt, "bytes"),
                                omitted,
                                lost,
                                (most - before) / MEGABYTE,
                                (long) memory / 1024));
    }

    private static double inMemory() throws IOException {
        double sum = 0;
        for (Service gateway : logs.stack().services("cluster-gateway")) {
            sum += LogStack.metric(gateway.port(), "windlass_logs_memory_bytes");
        }
        return sum;
    }
}
