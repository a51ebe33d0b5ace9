package io.windlass.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.windlass.store.Database;
import io.windlass.testing.TestSize;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Readers of the feed that do not read. Each is owed far more than the buffers of two sockets hold:
 * so the server has to wait for it, and may keep no more for it than what it fetches at once.
 */
@Tag("slow") // quick: PulledTest in common/service
class DeafFollowersTest {
    private static final int EVENTS = 15_000;
    private static final int BYTES_OF_AN_EVENT = 2_000;
    private static final int OWED_MB = EVENTS * BYTES_OF_AN_EVENT / 1_000_000;

    /** Two hundred events as objects, and what Netty holds until its mark is reached. */
    private static final double MB_OF_A_FOLLOWER = 1.5;

    private static final int MB_BESIDES = 64;

    /** Looks after which nothing moves any more: readers may all wait for a connection at once. */
    private static final int STILL = 8;

    private static final Pattern VERSION = Pattern.compile("\"version\":(\\d+)");

    private final List<Socket> deaf = new ArrayList<>();
    private WebServer web;

    @BeforeEach
    void start() throws Exception {
        web = new WebServer();
        String id =
                web.post("/api/v1/jobs", "{\"name\":\"much\",\"image\":\"busybox:1.36\"}")
                        .body()
                        .get("id")
                        .toString();
        web.bean(Database.class)
                .inTransaction(handle -> {
                    handle.execute("delete from job_event");
                    handle.execute(
                            """
                            insert into job_event (job_id, version, seq, at, to_state, reason, message, source)
                            select '%s', n, n, now(), 'QUEUED', 'Submitted', repeat('x', %d), 'API'
                            from generate_series(1, %d) n
                            """
                                    .formatted(id, BYTES_OF_AN_EVENT, EVENTS));
                    handle.execute("update event_feed set last_seq = " + EVENTS);
                });
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket socket : deaf) {
            socket.close();
        }
        web.close();
    }

    @Test
    void shouldMakeNothingForAFollowerThatDoesNotReadAndMissNothingOnceItReads() throws Exception {
        double before = usedMegabytes();
        follow(3, 1 << 20);
        assertThat(mostUntilNothingMoves(before))
                .as("MB for three followers, each of which is owed " + OWED_MB + " MB")
                .isLessThan(OWED_MB);
        BufferedReader lines = reader(deaf.getFirst());
        // far more than lies in the buffers of its sockets
        for (int expected = 1; expected <= EVENTS / 3; expected++) {
            assertThat(nextVersion(lines)).isEqualTo(expected);
        }
    }

    @Test
    void shouldServeOthersBesideManyFollowersThatDoNotRead() throws Exception {
        int followers = TestSize.of(40, 500);
        double before = usedMegabytes();
        follow(followers, 16 << 10);
        double bound = MB_BESIDES + followers * MB_OF_A_FOLLOWER;
        double most = mostUntilNothingMoves(before);
        System.out.printf(
                "[windlass tests] %d followers that do not read, %d MB owed to each: %.0f MB%n",
                followers, OWED_MB, most);
        assertThat(most).as("MB for all of them").isLessThan(bound);
        long begun = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            String job = "{\"name\":\"meanwhile-" + i + "\",\"image\":\"busybox:1.36\"}";
            assertThat(web.post("/api/v1/jobs", job).status()).isEqualTo(202);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        System.out.printf(
                "[windlass tests] 20 submissions beside %d followers that do not read: %d ms%n",
                followers, took.toMillis());
        assertThat(took).isLessThan(Duration.ofSeconds(TestSize.of(25, 5)));
        HttpRequest.Builder request =
                web.request("/api/v1/events").header("Accept", "text/event-stream");
        try (InputStream in =
                HttpClient.newHttpClient()
                        .send(request.build(), HttpResponse.BodyHandlers.ofInputStream())
                        .body()) {
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            assertThat(nextVersion(lines)).as("one that reads").isEqualTo(1);
        }
    }

    private void follow(int followers, int receiveBuffer) throws IOException {
        URI uri = web.request("/").build().uri();
        for (int i = 0; i < followers; i++) {
            Socket socket = new Socket();
            // else the kernel takes more megabytes of it than there are
            socket.setReceiveBufferSize(receiveBuffer);
            socket.setSoTimeout(20_000);
            socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()));
            String head =
                    "GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                            + WebServer.TOKEN
                            + "\r\nAccept: text/event-stream\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            deaf.add(socket);
        }
    }

    /** The most that was held beyond what was held before, until each follower is waited for. */
    private double mostUntilNothingMoves(double before) {
        double bound = MB_BESIDES + deaf.size() * MB_OF_A_FOLLOWER;
        double[] most = {0};
        double[] last = {Double.NaN};
        int[] still = {0};
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(400))
                .until(() -> {
                    double held = usedMegabytes() - before;
                    boolean moves = !(Math.abs(held - last[0]) < 0.2) || !allHaveBegun();
                    still[0] = moves ? 0 : still[0] + 1;
                    most[0] = Math.max(most[0], held);
                    last[0] = held;
                    return still[0] == STILL || held > bound;
                });
        return most[0];
    }

    private boolean allHaveBegun() throws IOException {
        for (Socket socket : deaf) {
            if (socket.getInputStream().available() == 0) {
                return false;
            }
        }
        return true;
    }

    /** What is reachable on the heap, and what Netty holds outside of it. */
    private static double usedMegabytes() {
        System.gc();
        long outside =
                PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory()
                        + UnpooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
        return (ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() + outside) / 1e6;
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    private static int nextVersion(BufferedReader in) throws IOException {
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            Matcher version = VERSION.matcher(line);
            if (line.startsWith("data: ") && version.find()) {
                return Integer.parseInt(version.group(1));
            }
        }
        throw new IOException("the answer ended");
    }
}
