package io.windlass.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A server that answers what it was told to, and the command line that asks it. */
final class StubServer implements AutoCloseable {
    private record Answer(int status, String body) {}

    private final Map<String, Answer> answers = new HashMap<>();
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private final HttpServer server;
    private final Path header;

    StubServer(Path folder) throws IOException {
        header = Files.writeString(folder.resolve("header"), "Authorization: Bearer t");
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    /** What a command came to. */
    record Result(int code, String out, String err) {}

    /** For a call such as {@code GET /api/v1/jobs}. */
    void answers(String call, int status, String body) {
        answers.put(call, new Answer(status, body));
    }

    void answers(String call, String body) {
        answers(call, 200, body);
    }

    /** All calls with their bodies, in their order. */
    List<String> asked() {
        return asked;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String call = exchange.getRequestMethod() + " " + exchange.getRequestURI();
            String sent = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            asked.add((call + " " + sent).strip());
            Answer answer =
                    answers.getOrDefault(
                            sent.isEmpty() || !answers.containsKey(call + " " + sent)
                                    ? call
                                    : call + " " + sent,
                            new Answer(404, "{\"title\":\"Not found\",\"detail\":\"nothing\"}"));
            byte[] body = answer.body().getBytes(UTF_8);
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    Result windlass(String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(1, List.of("--server", url(), "--auth-header", header.toString()));
        int code =
                Main.commandLine()
                        .setOut(new PrintWriter(out))
                        .setErr(new PrintWriter(err, true))
                        .execute(all.toArray(String[]::new));
        return new Result(code, out.toString(), err.toString());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
