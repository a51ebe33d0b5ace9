package io.windlass.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever is given to the command line: it says what to do, in few lines, and never traces. */
@Tag("slow")
class BadInputTest {
    private static final String ENDED = "01a202bf-c96b-73a6-97d0-000000000001";

    @TempDir static Path folder;

    private static HttpServer windlass;
    private static HttpServer other;
    private static int closed;

    @BeforeAll
    static void furnish() throws IOException {
        windlass = serve(BadInputTest::asWindlass);
        other = serve(BadInputTest::asAnother);
        try (ServerSocket socket = new ServerSocket(0)) {
            closed = socket.getLocalPort();
        }
        write("header", "Authorization: Bearer t");
        Files.createDirectory(folder.resolve("stale"));
        write("stale/auth-header", "Authorization: Bearer t");
        write("stale/address", "http://127.0.0.1:" + closed + "\n");
        Files.createDirectory(folder.resolve("foreign"));
        write("foreign/auth-header", "Authorization: Bearer t");
        write("foreign/address", "http://jobs.example.com\n");
        write("bad-header", "Authorization: Bearer t\u0007\nand more");
        write("empty", "");
        write("job.json", "{\"image\":1,\"timeout\":\"soon\"}");
        write("no.yaml", "name: [a\nimage: }");
        Files.write(folder.resolve("bytes.yaml"), new byte[] {'a', ':', ' ', (byte) 0xff});
        write("no.json", "{\"image\": a}");
        write("text.yaml", "text");
        write("two.yaml", "image: a\n---\nimage: b\n");
        write("deep.yaml", "a: " + "[".repeat(100_000));
        write("binary.yaml", "job: {image: !!binary aGk=}");
        StringBuilder repeats = new StringBuilder("a0: &a0 [x, x]\n");
        for (int i = 1; i < 40; i++) {
            repeats.append("a%1$d: &a%1$d [*a%2$d, *a%2$d]%n".formatted(i, i - 1));
        }
        write("repeats.yaml", repeats.toString());
        Files.createDirectories(folder.resolve("folder/.git"));
    }

    private static void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private static HttpServer serve(HttpHandler handler) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", handler);
        server.start();
        return server;
    }

    @AfterAll
    static void stop() {
        windlass.stop(0);
        other.stop(0);
    }

    private static void asWindlass(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        if (path.endsWith("jobs:delete")) {
            answer(exchange, 200, "{\"matched\":1,\"done\":1}");
        } else if (path.endsWith(ENDED)) {
            answer(exchange, 200, "{\"id\":\"" + ENDED + "\",\"state\":\"FAILED\"}");
        } else if (exchange.getRequestMethod().equals("POST")) {
            answer(
                    exchange,
                    422,
                    """
                    {"title":"What was sent is not valid","detail":"/image must be a text (and 1 more)","errors":[
                    {"pointer":"/image","message":"must be a text"},{"pointer":"/timeout","message":"must be a duration"}]}\
                    """);
        } else if (path.equals("/api/v1/jobs")) {
            String job =
                    "{\"id\":\"01a202bf-c96b-73a6-97d0-000%dfeedbeef\",\"namespace\":\"team\",\"name\":\"%s\","
                            + "\"state\":\"RUNNING\",\"submittedAt\":\"2026-01-01T00:00:00Z\"}";
            String items =
                    exchange.getRequestURI().getQuery().contains("ending")
                            ? job.formatted(1, "a") + "," + job.formatted(2, "b")
                            : "";
            answer(exchange, 200, "{\"items\":[" + items + "],\"next\":null}");
        } else {
            answer(
                    exchange,
                    404,
                    "{\"title\":\"No such job\",\"detail\":\"there is no job\",\"status\":404}");
        }
    }

    private static void asAnother(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
        if (path.startsWith("/503")) {
            answer(exchange, 503, "<html>busy</html>");
        } else if (path.startsWith("/302")) {
            exchange.getResponseHeaders().set("Location", "/login");
            answer(exchange, 302, "");
        } else if (path.startsWith("/empty")) {
            answer(exchange, 200, "");
        } else if (path.startsWith("/odd")) {
            exchange.getResponseHeaders().set("Content-Type", "application/problem+json");
            answer(
                    exchange,
                    400,
                    "{\"title\":\"Bad\",\"detail\":\"(and 1 more)\",\"errors\":[\"a\",\"b\"]}");
        } else if (path.startsWith("/list")) {
            answer(exchange, 200, "[1]");
        } else if (path.startsWith("/logs")) {
            exchange.getResponseHeaders().set("Content-Type", "text/plain");
            exchange.getResponseHeaders().set("Windlass-Log-Bytes", "many");
            answer(exchange, 200, "text");
        } else {
            answer(exchange, 200, "<html><h1>It works!</h1></html>");
        }
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            byte[] body = text.getBytes(UTF_8);
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static String url(HttpServer server) {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private static CommandLineProcess.Result run(BadInput input, boolean terminal)
            throws Exception {
        List<String> arguments = new ArrayList<>();
        for (String argument : input.arguments) {
            arguments.add(
                    argument.replace("{closed}", String.valueOf(closed))
                            .replace("{other}", url(other)));
        }
        Path header = folder.resolve(".windlass/auth-header");
        Files.createDirectories(header.getParent());
        Files.writeString(header, "Authorization: Bearer t");
        Map<String, String> usual = Map.of("WINDLASS_URL", url(windlass));
        Map<String, String> environment =
                switch (input) {
                    case STALE_ADDRESS -> Map.of("WINDLASS_DATA", "stale");
                    case ADDRESS_OF_ANOTHER_MACHINE -> Map.of("WINDLASS_DATA", "foreign");
                    case FILE_NAME_BEYOND_ASCII ->
                            Map.of("WINDLASS_URL", url(windlass), "LC_ALL", "C");
                    default -> arguments.contains("--context") ? Map.of() : usual;
                };
        return new CommandLineProcess(folder, environment).run(terminal, "", arguments);
    }

    private static void isTold(BadInput input, CommandLineProcess.Result result) {
        assertThat(result.err()).as(input.name()).contains(input.said);
        assertThat(result.err().strip().lines().count())
                .as(result.err())
                .isEqualTo(input.said.lines().count());
        assertThat(result.err()).doesNotContain("Exception", "\tat ", "at fault");
        assertThat(result.code()).as(result.err()).isEqualTo(input.code);
        assertThat(result.out()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(BadInput.class)
    void shouldSayInFewLinesWhatToDo(BadInput input) throws Exception {
        isTold(input, run(input, false));
    }

    @ParameterizedTest
    @EnumSource(BadInput.class)
    void shouldSayTheSameOnATerminal(BadInput input) throws Exception {
        assumeTrue(CommandLineProcess.terminalsAreHere(), "script of util-linux is not here");
        isTold(input, run(input, true));
    }

    private static CommandLineProcess.Result delete(boolean terminal, String typed)
            throws Exception {
        Map<String, String> environment =
                Map.of("WINDLASS_URL", url(windlass), "WINDLASS_TOKEN", "t");
        return new CommandLineProcess(folder, environment)
                .run(terminal, typed, List.of("delete", ENDED));
    }

    @Test
    void shouldAskOnATerminalBeforeItDeletesAndNotDeleteWithoutOne() throws Exception {
        CommandLineProcess.Result unasked = delete(false, "y\n");
        assertThat(unasked.err())
                .isEqualTo("there is no terminal to ask on: say --yes, or --dry-run\n");
        assertThat(unasked.code()).isEqualTo(2);
        assumeTrue(CommandLineProcess.terminalsAreHere(), "script of util-linux is not here");
        CommandLineProcess.Result no = delete(true, "n\n");
        assertThat(no.err())
                .contains(ENDED, "Delete this job with its history and its logs? [y/N]")
                .contains("nothing is deleted");
        assertThat(no.code()).isEqualTo(1);
        CommandLineProcess.Result yes = delete(true, "y\n");
        assertThat(yes.err()).contains("FAILED is deleted");
        assertThat(yes.code()).isZero();
    }
}
