package io.windlass.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs on the command line: byte for byte, whatever the connection does. */
class LogsTest {
    private static final String ID = "01a202bf-c96b-73a6-97d0-4eff2f4e44ed";
    private static final String LOGS = "/api/v1/jobs/" + ID + "/logs?raw=true&follow=";

    @TempDir Path folder;

    private final Map<String, Deque<Answer>> answers = new HashMap<>();
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private HttpServer server;
    private int code;

    /** {@code promised} more bytes than come are a connection that breaks. */
    private record Answer(
            int status, String body, int promised, long offset, long bytes, boolean closed) {}

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", this::answer);
        server.start();
        Files.writeString(folder.resolve("header"), "Authorization: Bearer t");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String target = exchange.getRequestURI().toString();
            asked.add(target);
            Deque<Answer> next = answers.getOrDefault(target, new ArrayDeque<>());
            Answer answer = next.size() > 1 ? next.poll() : next.peek();
            if (answer == null) {
                answer =
                        new Answer(
                                404,
                                "{\"title\":\"Not found\",\"detail\":\"none\"}",
                                0,
                                0,
                                0,
                                true);
            }
            exchange.getResponseHeaders().set("Windlass-Log-Offset", "" + answer.offset());
            exchange.getResponseHeaders().set("Windlass-Log-Bytes", "" + answer.bytes());
            exchange.getResponseHeaders().set("Windlass-Log-Closed", "" + answer.closed());
            byte[] body = answer.body().getBytes(UTF_8);
            exchange.sendResponseHeaders(answer.status(), body.length + answer.promised());
            exchange.getResponseBody().write(body);
            exchange.getResponseBody().flush();
        } catch (IOException e) {
            // broken off, as it was meant to be
        }
    }

    private void answers(String target, Answer... in) {
        answers.put(target, new ArrayDeque<>(List.of(in)));
    }

    private static Answer json(String body) {
        return new Answer(200, body, 0, 0, 0, true);
    }

    private String out(String... args) {
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, UTF_8));
        try {
            List<String> all = new ArrayList<>(List.of(args));
            all.add(1, "--server=http://127.0.0.1:" + server.getAddress().getPort());
            all.add(1, "--auth-header=" + folder.resolve("header"));
            code = Main.run(all.toArray(String[]::new));
        } finally {
            System.setOut(before);
        }
        return out.toString(UTF_8);
    }

    @Test
    void shouldGoOnWhereItWasCutOff() {
        answers(LOGS + "false", new Answer(200, "hello ", 5, 0, 11, true));
        answers(LOGS + "false&offset=6", new Answer(200, "world", 0, 6, 11, true));
        assertThat(out("logs", ID)).isEqualTo("hello world");
        assertThat(code).isZero();
    }

    @Test
    void shouldGoOnBeyondWhatIsNotKept() {
        answers(LOGS + "false&tail=3", new Answer(200, "head", 0, 0, 30, true));
        answers(LOGS + "false&offset=4", new Answer(200, "tail", 0, 26, 30, true));
        assertThat(out("logs", ID, "--tail", "3")).isEqualTo("headtail");
    }

    @Test
    void shouldFollowFromAttemptToAttemptUntilTheJobHasEnded() {
        answers("/api/v1/jobs/" + ID + "/pods", json("{\"items\":[{\"attempt\":1}]}"));
        answers(LOGS + "true&attempt=1", new Answer(200, "first\n", 0, 0, 0, false));
        answers(LOGS + "true&attempt=1&offset=6", new Answer(200, "", 0, 6, 6, true));
        answers(LOGS + "true&attempt=2", new Answer(200, "second\n", 0, 0, 7, true));
        answers(
                "/api/v1/jobs/" + ID,
                json("{\"id\":\"" + ID + "\",\"finishedAt\":\"2026-01-01T00:00:00Z\"}"));
        assertThat(out("logs", "-f", ID)).isEqualTo("first\nsecond\n");
        assertThat(asked).contains(LOGS + "true&attempt=3");
    }

    @Test
    void shouldExitAsTheJobDid() {
        answers("/api/v1/jobs", json("{\"id\":\"" + ID + "\"}"));
        answers("/api/v1/jobs/" + ID + "/pods", json("{\"items\":[]}"));
        answers(LOGS + "true&attempt=1", new Answer(200, "working\n", 0, 0, 8, true));
        String ended =
                "{\"id\":\""
                        + ID
                        + "\",\"state\":\"%s\",\"exitCode\":%s,\"mayHaveRun\":%s,\"finishedAt\":\"2026-01-01T00:00:00Z\"}";
        answers("/api/v1/jobs/" + ID, json(ended.formatted("FAILED", "7", "true")));
        assertThat(out("run", "--image", "i")).isEqualTo("working\n");
        assertThat(code).isEqualTo(7);
        answers("/api/v1/jobs/" + ID, json(ended.formatted("SUCCEEDED", "0", "true")));
        out("run", "--image", "i");
        assertThat(code).isZero();
        answers("/api/v1/jobs/" + ID, json(ended.formatted("FAILED", "null", "false")));
        out("run", "--image", "i");
        assertThat(code).as("it never ran").isEqualTo(125);
    }

    @Test
    void shouldSayWhatTheServerSaysWhereThereIsNoLog() {
        assertThat(out("logs", ID)).isEmpty();
        assertThat(code).isEqualTo(1);
    }
}
