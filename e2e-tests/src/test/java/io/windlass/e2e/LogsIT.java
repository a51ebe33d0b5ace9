package io.windlass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.harness.LogClient;
import io.windlass.harness.LogComparison;
import io.windlass.harness.LogStack;
import io.windlass.harness.NumberedLines;
import io.windlass.harness.WrittenLines;
import io.windlass.json.Json;
import io.windlass.testing.TestCluster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
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

/** What containers write is kept byte for byte, and read while they run and afterwards. */
@EnabledIf("available")
class LogsIT {
    private static final Duration SOON = LogStack.SOON;
    private static final int MEGABYTE = 1 << 20;

    private static LogStack logs;

    static boolean available() {
        return TestCluster.available();
    }

    @BeforeAll
    static void start() throws Exception {
        logs = new LogStack(Map.of("WINDLASS_API_LOG_PATIENCE", "3s"));
    }

    @AfterAll
    static void stop() throws Exception {
        if (logs != null) {
            logs.close();
        }
    }

    @Test
    void shouldKeepOddBytesAsTheyAre() throws Exception {
        String id =
                logs.api()
                        .submit(
                                logs.job(
                                        "odd",
                                        "printf 'a\\000b\\377\\376\\n\\n'; head -c 10000000 /dev/zero | tr '\\000' x; sleep 2;"
                                                + " printf '\\ncaf\\303\\251 \\303'"));
        CompletableFuture<LogClient.Read> live = logs.follow(id, "");
        assertThat(logs.api().awaitEnd(id, SOON)).containsEntry("state", "SUCCEEDED");
        ByteArrayOutputStream wrote = new ByteArrayOutputStream();
        wrote.writeBytes(new byte[] {'a', 0, 'b', (byte) 0xff, (byte) 0xfe, '\n', '\n'});
        byte[] line = new byte[10_000_000];
        Arrays.fill(line, (byte) 'x');
        wrote.writeBytes(line);
        wrote.writeBytes(
                new byte[] {'\n', 'c', 'a', 'f', (byte) 0xc3, (byte) 0xa9, ' ', (byte) 0xc3});
        byte[] all = wrote.toByteArray();
        Map<String, Object> receipt = logs.closed(id);
        assertThat(receipt.get("sha256")).as("%s", receipt).isEqualTo(LogClient.sha256(all));
        assertThat(LogStack.number(receipt, "lines")).isEqualTo(4);
        LogClient.Read followed = live.get(30, TimeUnit.SECONDS);
        if (((List<?>) receipt.get("lost")).isEmpty()) {
            assertThat(followed.sha256())
                    .as("%s of %s bytes", followed, all.length)
                    .isEqualTo(LogClient.sha256(all));
        } else {
            // followed late by a slow machine: a line of Windlass's own tells the doubt
            assertThat(followed.bytes()).as("%s", receipt).isGreaterThan(all.length);
        }
        // longer than is kept: the head, and from somewhere on the tail
        byte[] head = logs.read(id, "?raw=true");
        assertThat(head).isEqualTo(Arrays.copyOf(all, (int) LogStack.HEAD));
        byte[] tail = logs.read(id, "?raw=true&offset=" + LogStack.HEAD);
        assertThat((long) tail.length).isGreaterThanOrEqualTo(LogStack.TAIL);
        assertThat(tail).isEqualTo(Arrays.copyOfRange(all, all.length - tail.length, all.length));
        assertThat(new String(logs.read(id, ""), StandardCharsets.ISO_8859_1))
                .contains(
                        "[windlass: "
                                + (all.length - LogStack.HEAD - tail.length)
                                + " bytes are left out");
    }

    @Test
    void shouldCutOffAReaderThatDoesNotRead() throws Exception {
        String id =
                logs.api()
                        .submit(
                                logs.job(
                                        "torrent",
                                        "yes x"
                                                + NumberedLines.PADDING
                                                + " | head -c "
                                                + 30 * MEGABYTE
                                                + LogStack.ENDING));
        Awaitility.await("it writes").atMost(SOON).until(() -> !logs.receipt(id).isEmpty());
        int port = logs.stack().services("web-server").getFirst().port();
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write(
                            ("GET /api/v1/jobs/%s/logs?follow=true HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                                            + "Authorization: Bearer %s\r\n\r\n")
                                    .formatted(id, logs.stack().token())
                                    .getBytes(StandardCharsets.US_ASCII));
            logs.api().awaitEnd(id, SOON);
            Awaitility.await("nobody reads any more")
                    .atMost(SOON)
                    .until(() -> LogStack.metric(port, "windlass_logs_readers") == 0);
            Instant begun = Instant.now();
            assertThat(restOf(socket.getInputStream()))
                    .as("what had been sent before it was cut off")
                    .isBetween(1L, 30L * MEGABYTE - 1);
            assertThat(Duration.between(begun, Instant.now()))
                    .as("its connection is closed")
                    .isLessThan(Duration.ofSeconds(20));
        }
        // a node may rotate what it has not given to anybody yet; then the receipt says so
        Map<String, Object> receipt = logs.closed(id);
        if (((List<?>) receipt.get("lost")).isEmpty()) {
            assertThat(LogStack.number(receipt, "bytes"))
                    .as("%s", receipt)
                    .isEqualTo(30L * MEGABYTE);
        }
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

    @Test
    void shouldEndWithAllThatTheReceiptCountsWhenThePodIsDeletedWhileItIsRead() throws Exception {
        String id =
                logs.api()
                        .submit(
                                logs.job(
                                        "deleted",
                                        "trap 'echo last words; exit 3' TERM; for n in $(seq 1 10000); do echo line $n; sleep 0.02; done"));
        LogComparison live = comparison();
        CompletableFuture<LogClient.Whole> reader =
                LogClient.followWhole(url(), logs.stack().token(), id, live);
        Awaitility.await()
                .atMost(SOON)
                .until(() ->
                        ((Number) logs.receipt(id).getOrDefault("bytes", 0)).longValue() > 500);
        logs.cluster()
                .client()
                .pods()
                .inNamespace(logs.cluster().namespace())
                .withLabel("windlass.io/job-id", id)
                .delete();
        Map<String, Object> receipt = logs.closed(id);
        long bytes = LogStack.number(receipt, "bytes");
        assertThat((List<?>) receipt.get("lost"))
                .as("what is in doubt is the begin, or the end; both are compared below")
                .allSatisfy(loss ->
                        assertThat(LogStack.number(Json.asObject(loss), "at")).isIn(0L, bytes));
        LogClient.Whole read = reader.get(1, TimeUnit.MINUTES);
        assertThat(live.faults(receipt)).as("what was read along").isEmpty();
        assertThat(live.written()).as("nothing is missing").isEqualTo(bytes);
        assertThat(read.sha256()).isEqualTo(receipt.get("sha256"));
        byte[] kept = logs.read(id, "?raw=true&attempt=1");
        assertThat(LogClient.sha256(kept)).isEqualTo(receipt.get("sha256"));
        LogComparison stored = comparison();
        stored.bytes(0, kept, kept.length);
        assertThat(stored.faults(receipt)).as("what is kept").isEmpty();
        logs.api().cancel(id);
    }

    private static LogComparison comparison() {
        return new LogComparison(new WrittenLines(1, "line ", ""), "last words\n");
    }

    private static String url() {
        return "http://127.0.0.1:" + logs.stack().services("web-server").getFirst().port();
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
                logs.api()
                        .submit(
                                Map.of(
                                        "name",
                                        "attempts",
                                        "namespace",
                                        logs.cluster().namespace(),
                                        "maxRetries",
                                        1,
                                        "podSpec",
                                        podSpec));
        assertThat(logs.api().awaitEnd(id, SOON)).containsEntry("state", "FAILED");
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
                new String(logs.get("/api/v1/jobs/" + id + "/manifest"), StandardCharsets.UTF_8);
        assertThat(manifest).contains("kind:", "prepare");
    }

    private static String text(String id, String query) throws IOException {
        return new String(logs.read(id, query), StandardCharsets.UTF_8);
    }

    private static Map<String, Object> container(String name, String script) {
        return Map.of(
                "name", name, "image", "busybox:1.36", "command", List.of("sh", "-c", script));
    }
}
