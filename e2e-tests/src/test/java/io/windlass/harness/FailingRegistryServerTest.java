package io.windlass.harness;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FailingRegistryServerTest {
    private static final String RECORDED = "/failing-registry/recorded-answers.tsv";
    private static final List<String> COMPARED_HEADERS =
            List.of(
                    "Docker-Distribution-Api-Version",
                    "Content-Type",
                    "Content-Length",
                    "WWW-Authenticate",
                    "Retry-After",
                    "Docker-Content-Digest",
                    "Location");

    private final AtomicLong nanoTime = new AtomicLong();
    private final ConcurrentLinkedQueue<Duration> pauses = new ConcurrentLinkedQueue<>();
    private FailingRegistryServer.Pause pause = pauses::add;
    private HttpServer real;
    private FailingRegistryServer failing;

    private record Answer(String status, String headers, String body) {
        static final Answer DROPPED = new Answer("drop", "-", "-");
    }

    @BeforeEach
    void start() throws IOException {
        real = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        real.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        real.createContext("/", FailingRegistryServerTest::sayWhatWasAsked);
        real.start();
        failing =
                new FailingRegistryServer(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        URI.create("http://127.0.0.1:" + real.getAddress().getPort()),
                        new FailingRegistryRules(nanoTime::get),
                        duration -> pause.take(duration));
        Thread.ofVirtual().start(failing::serve);
    }

    @AfterEach
    void stop() throws IOException {
        failing.close();
        real.stop(0);
    }

    @Test
    void shouldAnswerEachNameAsRecorded() throws IOException {
        List<String> recorded = new ArrayList<>();
        List<String> answered = new ArrayList<>();
        for (String line : recordedLines()) {
            String[] row = line.split("\t", -1);
            pauses.clear();
            Answer answer = ask(row[0], row[1], headers(row[2], row[3]));
            long seconds = pauses.stream().mapToLong(Duration::toSeconds).sum();
            recorded.add(line);
            answered.add(
                    String.join(
                            "\t",
                            row[0],
                            row[1],
                            row[2],
                            row[3],
                            Long.toString(seconds),
                            answer.status(),
                            answer.headers(),
                            answer.body()));
        }
        assertThat(recorded).hasSizeGreaterThan(100);
        assertThat(answered).containsExactlyElementsOf(recorded);
    }

    @Test
    void shouldRecoverWhenTheSecondsOfUntilHavePassed() throws IOException {
        String path = "/v2/until-60-503/a/busybox/manifests/1.36";
        assertThat(ask("GET", path).status()).startsWith("503 ");
        nanoTime.addAndGet(Duration.ofSeconds(60).toNanos() - 1);
        assertThat(ask("GET", path).status()).startsWith("503 ");
        nanoTime.addAndGet(1);
        assertThat(ask("GET", path).status()).startsWith("200 ");
    }

    @Test
    void shouldAnswerOthersWhileOnePullIsSlow() throws Exception {
        CountDownLatch paused = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        pause =
                duration -> {
                    paused.countDown();
                    goOn.await();
                };
        CompletableFuture<Answer> slow =
                CompletableFuture.supplyAsync(
                        () -> askUnchecked("GET", "/v2/slow-20/busybox/manifests/1.36"),
                        Executors.newVirtualThreadPerTaskExecutor());
        assertThat(paused.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(ask("GET", "/v2/status-429/x/manifests/1").status()).startsWith("429 ");
        assertThat(slow).isNotDone();
        goOn.countDown();
        assertThat(slow.get(30, TimeUnit.SECONDS).status()).startsWith("200 ");
    }

    @Test
    void shouldNameTheRealRegistryWhereItDoesNotAnswer() throws IOException {
        real.stop(0);
        Answer answer = ask("GET", "/v2/slow-0/busybox/manifests/1.36");
        assertThat(answer.status()).startsWith("502 ");
        assertThat(answer.body()).contains("http://127.0.0.1:" + real.getAddress().getPort());
    }

    @Test
    void shouldKeepAConnectionForSeveralRequests() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), failing.port())) {
            socket.setSoTimeout(30_000);
            for (String path :
                    List.of(
                            "/v2/status-404/x/manifests/1",
                            "/v2/slow-0/busybox/manifests/1.36",
                            "/v2/denied/x/manifests/1")) {
                send(socket, "HEAD", path, Map.of());
                assertThat(head(socket.getInputStream())).startsWith("HTTP/1.1 ");
            }
        }
    }

    private static List<String> recordedLines() throws IOException {
        try (InputStream in = FailingRegistryServerTest.class.getResourceAsStream(RECORDED)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        }
    }

    private static Map<String, String> headers(String authorization, String more) {
        Map<String, String> headers = new TreeMap<>();
        if (!authorization.equals("-")) {
            headers.put("Authorization", authorization);
        }
        switch (more) {
            case "accept" -> headers.put("Accept", "application/vnd.oci.image.index.v1+json, */*");
            case "range" -> headers.put("Range", "bytes=1-2");
            default -> {}
        }
        return headers;
    }

    private static void sayWhatWasAsked(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().toString();
            String range = exchange.getRequestHeaders().getFirst("Range");
            String said =
                    "accept=%s range=%s"
                            .formatted(
                                    none(exchange.getRequestHeaders().getFirst("Accept")),
                                    none(range));
            byte[] body = said.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain");
            exchange.getResponseHeaders()
                    .set("Docker-Content-Digest", exchange.getRequestMethod() + " " + path);
            int status = range == null ? 200 : 206;
            if (path.contains("/absent/")) {
                status = 404;
            } else if (path.contains("/moved/")) {
                status = 307;
                exchange.getResponseHeaders().set("Location", "/elsewhere");
            }
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
                exchange.sendResponseHeaders(status, -1);
            } else {
                exchange.sendResponseHeaders(status, body.length);
                exchange.getResponseBody().write(body);
            }
        }
    }

    private static String none(String value) {
        return value == null ? "None" : value;
    }

    private Answer askUnchecked(String method, String path) {
        try {
            return ask(method, path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Answer ask(String method, String path) throws IOException {
        return ask(method, path, Map.of());
    }

    /** By hand: a client of the JDK asks again where a connection is closed. */
    private Answer ask(String method, String path, Map<String, String> headers) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), failing.port())) {
            socket.setSoTimeout(30_000);
            Map<String, String> all = new TreeMap<>(headers);
            all.put("Connection", "close");
            send(socket, method, path, all);
            String head = head(socket.getInputStream());
            if (head.isEmpty()) {
                return Answer.DROPPED;
            }
            byte[] body = socket.getInputStream().readAllBytes();
            return new Answer(
                    head.lines().findFirst().orElseThrow().split(" ", 2)[1],
                    orNone(compared(head)),
                    orNone(withoutPort(new String(body, StandardCharsets.UTF_8))));
        }
    }

    private void send(Socket socket, String method, String path, Map<String, String> headers)
            throws IOException {
        String body = method.equals("POST") ? "a=b&c=d" : "";
        StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
        request.append("Host: 127.0.0.1:").append(failing.port()).append("\r\n");
        headers.forEach(
                (name, value) -> request.append(name).append(": ").append(value).append("\r\n"));
        if (!body.isEmpty()) {
            request.append("Content-Length: ").append(body.length()).append("\r\n");
        }
        OutputStream out = socket.getOutputStream();
        out.write((request + "\r\n" + body).getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** To the empty line; nothing where the connection is closed before. */
    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        for (int next = in.read(); next >= 0; next = in.read()) {
            head.append((char) next);
            if (head.toString().endsWith("\r\n\r\n")) {
                return head.toString();
            }
        }
        assertThat(head).isEmpty();
        return "";
    }

    private String compared(String head) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        head.lines()
                .skip(1)
                .filter(line -> !line.isEmpty())
                .map(line -> line.split(": ", 2))
                .forEach(pair -> headers.put(pair[0], pair[1]));
        return COMPARED_HEADERS.stream()
                .filter(headers::containsKey)
                .map(name -> name + ": " + withoutPort(headers.get(name)))
                .collect(Collectors.joining(" | "));
    }

    private String withoutPort(String text) {
        return text.replace("127.0.0.1:" + failing.port(), "ADDRESS");
    }

    private static String orNone(String text) {
        return text.isEmpty() ? "-" : text;
    }
}
