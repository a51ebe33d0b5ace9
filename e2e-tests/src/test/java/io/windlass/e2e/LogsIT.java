package io.windlass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.windlass.harness.Api;
import io.windlass.harness.Cluster;
import io.windlass.harness.Figures;
import io.windlass.harness.LogClient;
import io.windlass.harness.NumberedLines;
import io.windlass.harness.Service;
import io.windlass.harness.Stack;
import io.windlass.harness.Wiring;
import io.windlass.json.Json;
import io.windlass.testing.TestCluster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
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
 * What containers write is kept byte for byte, whatever is killed meanwhile. Short here; {@code
 * make logs} runs the sizes of docs/logs.md.
 */
@EnabledIf("available")
class LogsIT {
    private static final Duration SOON = Duration.ofMinutes(2);
    private static final int MEGABYTE = 1 << 20;
    private static final boolean LONG = "long".equals(System.getenv("WINDLASS_LOGS"));
    private static final int JOBS = LONG ? 100 : 10;
    private static final int PODS = LONG ? 100 : 10;
    private static final int READERS = LONG ? 10 : 3;
    private static final int SECONDS = LONG ? 10 : 3;
    private static final String FAST =
            "timeout " + SECONDS + " seq 1 2000000000; sleep 1; echo end";
    private static final long BIG = (LONG ? 2048L : 40L) * MEGABYTE;
    private static final long HEAD = MEGABYTE;
    private static final long TAIL = 2 * MEGABYTE;

    /** containerd 1.6 loses the end of what a container writes that ends at once. */
    private static final String ENDING = "; sleep 1";

    private static Cluster cluster;
    private static Stack stack;
    private static Api api;

    static boolean available() {
        return TestCluster.available();
    }

    @BeforeAll
    static void start() throws Exception {
        Path kubeconfig = TestCluster.kubeconfig().orElseThrow();
        cluster = Cluster.of(kubeconfig);
        Map<String, String> settings =
                Map.of(
                        "WINDLASS_CLEANUP_KEEP_FAILED", "0s",
                        "WINDLASS_CLUSTER_NAMESPACES", cluster.namespace(),
                        "WINDLASS_API_LOG_PATIENCE", "3s",
                        "WINDLASS_GATEWAY_LEASE", "6s",
                        "WINDLASS_LOGS_KEEP_HEAD", "1MB",
                        "WINDLASS_LOGS_KEEP_TAIL", "2MB");
        stack =
                new Stack(
                        Stack.Plan.pairs(settings).withLogs(),
                        database -> new Wiring.Direct(database, kubeconfig));
        api = stack.api();
    }

    @AfterAll
    static void stop() throws Exception {
        Figures.print();
        if (stack != null) {
            stack.close();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    private static Map<String, Object> job(String name, String script) {
        return Api.with(Api.job(name, "sh", "-c", script), "namespace", cluster.namespace());
    }

    private static List<Map<String, Object>> pods(String id) throws IOException {
        return ((List<?>) api.call("GET", "/api/v1/jobs/" + id + "/pods", null).body().get("items"))
                .stream().map(Json::asObject).toList();
    }

    private static Map<String, Object> receipt(String id) throws IOException {
        for (Map<String, Object> pod : pods(id)) {
            for (Object container : (List<?>) pod.get("containers")) {
                Object log = Json.asObject(container).get("log");
                if (log != null) {
                    return Json.asObject(log);
                }
            }
        }
        return Map.of();
    }

    private static Map<String, Object> closed(String id) {
        return Awaitility.await("the receipt of " + id)
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> receipt(id), log -> log.get("closedAt") != null);
    }

    private static long number(Map<String, Object> tree, String field) {
        return ((Number) tree.get(field)).longValue();
    }

    private static String url() {
        return "http://127.0.0.1:" + stack.services("web-server").getFirst().port();
    }

    private static byte[] read(String id, String query) throws IOException {
        return LogClient.all(url(), stack.token(), id, query);
    }

    private static CompletableFuture<LogClient.Read> follow(String id, String more) {
        return LogClient.follow(url(), stack.token(), id, "?follow=true" + more);
    }

    @Test
    void shouldKeepAllThatManyJobsWrite() throws Exception {
        List<Map<String, Object>> jobs = new ArrayList<>();
        for (int i = 0; i < JOBS; i++) {
            jobs.add(job("megabyte-" + i, new NumberedLines(i, MEGABYTE).script() + ENDING));
        }
        Instant begun = Instant.now();
        int doubted = 0;
        List<String> ids = api.submitAll(jobs);
        for (int i = 0; i < JOBS; i++) {
            assertThat(api.awaitEnd(ids.get(i), SOON.multipliedBy(5)))
                    .containsEntry("state", "SUCCEEDED");
            Map<String, Object> receipt = closed(ids.get(i));
            byte[] wrote = new NumberedLines(i, MEGABYTE).content();
            assertThat(receipt)
                    .as("job %s", ids.get(i))
                    .containsEntry("sha256", LogClient.sha256(wrote));
            assertThat(read(ids.get(i), "?raw=true")).isEqualTo(wrote);
            if (!Boolean.TRUE.equals(receipt.get("complete"))) {
                // on a busy machine a pod may have run for long before its node tells of it
                assertThat(receipt.get("lost").toString()).contains("at=0", "LAGGED");
                doubted++;
            }
        }
        Figures.put(
                JOBS
                        + " jobs that write 1 MiB each, submitted until all receipts are right and read back",
                begun);
        Figures.put("of these receipts, begun too late to be sure", Integer.toString(doubted));
    }

    @Test
    void shouldKeepOddBytesAsTheyAre() throws Exception {
        String id =
                api.submit(
                        job(
                                "odd",
                                "printf 'a\\000b\\377\\376\\n\\n'; head -c 10000000 /dev/zero | tr '\\000' x; sleep 2;"
                                        + " printf '\\ncaf\\303\\251 \\303'"));
        CompletableFuture<LogClient.Read> live = follow(id, "");
        assertThat(api.awaitEnd(id, SOON)).containsEntry("state", "SUCCEEDED");
        ByteArrayOutputStream wrote = new ByteArrayOutputStream();
        wrote.writeBytes(new byte[] {'a', 0, 'b', (byte) 0xff, (byte) 0xfe, '\n', '\n'});
        byte[] line = new byte[10_000_000];
        Arrays.fill(line, (byte) 'x');
        wrote.writeBytes(line);
        wrote.writeBytes(
                new byte[] {'\n', 'c', 'a', 'f', (byte) 0xc3, (byte) 0xa9, ' ', (byte) 0xc3});
        byte[] all = wrote.toByteArray();
        Map<String, Object> receipt = closed(id);
        assertThat(receipt).containsEntry("sha256", LogClient.sha256(all));
        assertThat(number(receipt, "lines")).isEqualTo(4);
        assertThat(live.get(30, TimeUnit.SECONDS).sha256()).isEqualTo(LogClient.sha256(all));
        // longer than is kept: the head, and from somewhere on the tail
        byte[] head = read(id, "?raw=true");
        assertThat(head).isEqualTo(Arrays.copyOf(all, (int) HEAD));
        byte[] tail = read(id, "?raw=true&offset=" + HEAD);
        assertThat((long) tail.length).isGreaterThanOrEqualTo(TAIL);
        assertThat(tail).isEqualTo(Arrays.copyOfRange(all, all.length - tail.length, all.length));
        assertThat(new String(read(id, ""), StandardCharsets.ISO_8859_1))
                .contains(
                        "[windlass: " + (all.length - HEAD - tail.length) + " bytes are left out");
    }

    @Test
    void shouldLoseNothingWhenTheGatewaysAreKilledInTheMiddle() throws Exception {
        List<Map<String, Object>> jobs = new ArrayList<>();
        for (int i = 0; i < PODS; i++) {
            jobs.add(
                    job(
                            "line-by-line-" + i,
                            "for n in $(seq 1 150); do echo line $n of "
                                    + i
                                    + "; sleep 0.1; done"));
        }
        List<String> ids = api.submitAll(jobs);
        Awaitility.await("all are followed")
                .atMost(SOON)
                .until(() ->
                        ids.stream()
                                .allMatch(id -> {
                                    try {
                                        return read(id, "").length > 0;
                                    } catch (IOException e) {
                                        return false;
                                    }
                                }));
        List<CompletableFuture<LogClient.Read>> readers =
                ids.stream().map(id -> follow(id, "")).toList();
        for (Service gateway : stack.services("cluster-gateway")) {
            gateway.kill();
        }
        for (Service gateway : stack.services("cluster-gateway")) {
            gateway.startAgain();
        }
        for (int i = 0; i < PODS; i++) {
            assertThat(api.awaitEnd(ids.get(i), SOON)).containsEntry("state", "SUCCEEDED");
            StringBuilder wrote = new StringBuilder();
            for (int n = 1; n <= 150; n++) {
                wrote.append("line ").append(n).append(" of ").append(i).append('\n');
            }
            String sum = LogClient.sha256(wrote.toString().getBytes(StandardCharsets.US_ASCII));
            assertThat(closed(ids.get(i)))
                    .containsEntry("complete", true)
                    .containsEntry("sha256", sum);
            assertThat(readers.get(i).get(1, TimeUnit.MINUTES).sha256()).isEqualTo(sum);
        }
        Figures.put(
                "kill -9 of both gateways while they follow " + PODS + " pods: bytes lost", "0");
    }

    @Test
    void shouldGiveManyReadersOfAFastWriterEveryByte() throws Exception {
        String id = api.submit(job("fast", FAST));
        List<CompletableFuture<LogClient.Read>> readers = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            readers.add(follow(id, "&raw=true"));
        }
        CompletableFuture<LogClient.Read> timed = follow(id, "&timestamps=true");
        assertThat(api.awaitEnd(id, SOON.multipliedBy(3))).containsEntry("state", "SUCCEEDED");
        Map<String, Object> receipt = closed(id);
        int cut = 0;
        for (CompletableFuture<LogClient.Read> reader : readers) {
            LogClient.Read read = reader.get(5, TimeUnit.MINUTES);
            if (read.cut() || read.bytes() < number(receipt, "bytes")) {
                cut++;
            } else {
                assertThat(read.sha256()).isEqualTo(receipt.get("sha256"));
            }
        }
        List<Duration> lags = timed.get(5, TimeUnit.MINUTES).lags();
        Figures.put(
                "short lines as fast as possible for "
                        + SECONDS
                        + " s, "
                        + READERS
                        + " live readers",
                "%,d lines, %,d bytes; %d readers cut; lost: %s"
                        .formatted(
                                number(receipt, "lines"),
                                number(receipt, "bytes"),
                                cut,
                                receipt.get("lost")));
        Figures.put("lag of a live reader of it, p50 / p95 / most", LogClient.percentiles(lags));
        Figures.put(
                "lag of the same from the API server, without Windlass, p50 / p95 / most",
                LogClient.percentiles(lagsOfTheNode()));
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
        PodResource there = cluster.client().pods().inNamespace(cluster.namespace()).resource(pod);
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
    void shouldCutOffAReaderThatDoesNotRead() throws Exception {
        String id =
                api.submit(
                        job(
                                "torrent",
                                "yes x"
                                        + NumberedLines.PADDING
                                        + " | head -c "
                                        + 30 * MEGABYTE
                                        + ENDING));
        Awaitility.await("it writes").atMost(SOON).until(() -> !receipt(id).isEmpty());
        int port = stack.services("web-server").getFirst().port();
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write(
                            ("GET /api/v1/jobs/%s/logs?follow=true HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                                            + "Authorization: Bearer %s\r\n\r\n")
                                    .formatted(id, stack.token())
                                    .getBytes(StandardCharsets.US_ASCII));
            api.awaitEnd(id, SOON);
            Awaitility.await("nobody reads any more")
                    .atMost(SOON)
                    .until(() -> metric(port, "windlass_logs_readers") == 0);
            Instant begun = Instant.now();
            assertThat(restOf(socket.getInputStream()))
                    .as("what had been sent before it was cut off")
                    .isBetween(1L, 30L * MEGABYTE - 1);
            assertThat(Duration.between(begun, Instant.now()))
                    .as("its connection is closed")
                    .isLessThan(Duration.ofSeconds(20));
        }
        assertThat(number(closed(id), "bytes")).isEqualTo(30L * MEGABYTE);
    }

    private static long restOf(InputStream in) throws IOException {
        byte[] buffer = new byte[64 << 10];
        long all = 0;
        try {
            int n;
            while ((n = in.read(buffer)) >= 0) {
                all += n;
            }
        } catch (SocketException e) {
            // reset: cut off as well
        }
        return all;
    }

    private static double metric(int port, String name) throws IOException {
        try (InputStream in =
                URI.create("http://127.0.0.1:" + port + "/prometheus").toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                    .mapToDouble(
                            line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        }
    }

    @Test
    void shouldEndWithAllThatTheReceiptCountsWhenThePodIsDeletedWhileItIsRead() throws Exception {
        String id =
                api.submit(
                        job(
                                "deleted",
                                "trap 'echo last words; exit 3' TERM; for n in $(seq 1 10000); do echo line $n; sleep 0.02; done"));
        CompletableFuture<LogClient.Read> reader = follow(id, "");
        Awaitility.await().atMost(SOON).until(() -> number(receiptOr(id), "bytes") > 500);
        cluster.client()
                .pods()
                .inNamespace(cluster.namespace())
                .withLabel("windlass.io/job-id", id)
                .delete();
        Map<String, Object> receipt = closed(id);
        LogClient.Read read = reader.get(1, TimeUnit.MINUTES);
        assertThat(read.bytes()).isGreaterThanOrEqualTo(number(receipt, "bytes"));
        byte[] kept = read(id, "?raw=true&attempt=1");
        assertThat(LogClient.sha256(kept)).isEqualTo(receipt.get("sha256"));
        assertThat(new String(kept, StandardCharsets.US_ASCII)).contains("last words");
        if (((List<?>) receipt.get("lost")).isEmpty()) {
            assertThat(read.sha256()).isEqualTo(receipt.get("sha256"));
        }
        api.cancel(id);
    }

    private static Map<String, Object> receiptOr(String id) throws IOException {
        Map<String, Object> receipt = receipt(id);
        return receipt.isEmpty() ? Map.of("bytes", 0) : receipt;
    }

    @Test
    void shouldFillNeitherMemoryNorDatabaseWhateverIsWritten() throws Exception {
        long before = stack.database().number("select pg_total_relation_size('log_object')");
        String id =
                api.submit(
                        job(
                                "big",
                                "yes "
                                        + "0123456789abcdef".repeat(64)
                                        + " | head -c "
                                        + BIG
                                        + ENDING));
        long most = before;
        double memory = 0;
        while (api.call("GET", "/api/v1/jobs/" + id + "?wait=1s", null).body().get("finishedAt")
                == null) {
            most =
                    Math.max(
                            most,
                            stack.database().number("select pg_total_relation_size('log_object')"));
            memory = Math.max(memory, inMemory());
        }
        Map<String, Object> receipt = closed(id);
        assertThat(most - before).isLessThan(64L * MEGABYTE);
        assertThat(memory).isLessThan(4.0 * MEGABYTE);
        List<?> lost = (List<?>) receipt.get("lost");
        if (lost.isEmpty()) {
            assertThat(number(receipt, "bytes")).isEqualTo(BIG);
        }
        Map<String, Object> omitted = Json.asObject(receipt.get("omitted"));
        assertThat(number(omitted, "from")).isEqualTo(HEAD);
        assertThat(number(receipt, "bytes") - number(omitted, "to"))
                .isBetween(TAIL, TAIL + MEGABYTE);
        Figures.put(
                "a job that writes " + BIG / MEGABYTE + " MiB",
                "%,d bytes read; omitted %s; lost %s; its objects took at most %d MiB in the database, %d KiB in memory"
                        .formatted(
                                number(receipt, "bytes"),
                                omitted,
                                lost,
                                (most - before) / MEGABYTE,
                                (long) memory / 1024));
    }

    private static double inMemory() throws IOException {
        double sum = 0;
        for (Service gateway : stack.services("cluster-gateway")) {
            sum += metric(gateway.port(), "windlass_logs_memory_bytes");
        }
        return sum;
    }

    @Test
    void shouldKeepTheLogsOfInitContainersAndOfEveryAttempt() throws Exception {
        Map<String, Object> podSpec =
                Map.of(
                        "initContainers",
                        List.of(container("prepare", "echo prepared")),
                        "containers",
                        List.of(container("work", "echo worked; exit 4")));
        String id =
                api.submit(
                        Map.of(
                                "name",
                                "attempts",
                                "namespace",
                                cluster.namespace(),
                                "maxRetries",
                                1,
                                "podSpec",
                                podSpec));
        assertThat(api.awaitEnd(id, SOON)).containsEntry("state", "FAILED");
        Awaitility.await("two attempts are kept")
                .atMost(SOON)
                .untilAsserted(() -> {
                    for (int attempt = 1; attempt <= 2; attempt++) {
                        assertThat(text(id, "?attempt=" + attempt)).isEqualTo("worked\n");
                        assertThat(text(id, "?container=prepare&attempt=" + attempt))
                                .isEqualTo("prepared\n");
                    }
                });
        String manifest =
                new String(
                        LogClient.get(url(), stack.token(), "/api/v1/jobs/" + id + "/manifest"),
                        StandardCharsets.UTF_8);
        assertThat(manifest).contains("kind:", "prepare");
    }

    private static String text(String id, String query) throws IOException {
        return new String(read(id, query), StandardCharsets.UTF_8);
    }

    private static Map<String, Object> container(String name, String script) {
        return Map.of(
                "name", name, "image", "busybox:1.36", "command", List.of("sh", "-c", script));
    }
}
