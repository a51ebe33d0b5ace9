package io.windlass.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
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

    /** What is given, what comes of it, and what is then said. */
    private enum Input {
        NO_SUCH_COMMAND(2, "Unmatched argument at index 0: 'sbumit'; did you mean", "sbumit"),
        NO_SUCH_OPTION(2, "Unknown option: '--bad'; see: windlass list --help", "list", "--bad"),
        NO_NUMBER(2, "'many' is not an int; see: windlass list --help", "list", "--limit", "many"),
        NO_JOB_NAMED(2, "Missing required parameter: 'JOB'; see: windlass get --help", "get"),
        NO_SUCH_FORMAT(2, "expected one of [text, wide, json, yaml, name]", "list", "-o", "xml"),
        NO_URL(2, "--server is no URL of a server", "list", "--server", "ht!tp://x"),
        NO_SCHEME(2, "such as https://jobs.example.com", "list", "--server", "localhost:8080"),
        NO_HOST(2, "--server is no URL of a server: 'http://'", "list", "--server", "http://"),
        NO_PORT(2, "is no URL of a server", "list", "--server", "http://localhost:99999"),
        URL_WITH_QUERY(2, "is no URL of a server", "list", "--server", "http://localhost/?a=b"),
        CLOSED_PORT(
                1,
                "the connection is refused; is `windlass up` running?",
                "list",
                "--server",
                "http://127.0.0.1:{closed}"),
        STALE_ADDRESS(
                1,
                "stored by `windlass up` in stale/address): the connection is refused; is `windlass up` running?",
                "list"),
        UNKNOWN_HOST(
                1,
                "its name is not known; check the address",
                "list",
                "--server",
                "http://nowhere.invalid"),
        HTML(1, "does not answer as Windlass does: text/html", "list", "--server", "{other}"),
        HTML_FOR_A_LOG(
                1,
                "does not answer as Windlass does: 200 text/html",
                "logs",
                "01a202bf-c96b-73a6-97d0-4eff2f4e44ed",
                "--server",
                "{other}"),
        HTML_WITH_A_STATUS(
                1, "does not answer as Windlass does: 503", "list", "--server", "{other}/503"),
        REDIRECT(1, "does not answer as Windlass does: 302", "list", "--server", "{other}/302"),
        NOTHING(1, "does not answer as Windlass does", "list", "--server", "{other}/empty"),
        NO_OBJECT(1, "does not answer as Windlass does", "list", "--server", "{other}/list"),
        NO_NUMBER_OF_BYTES(
                1,
                "does not answer as Windlass does",
                "logs",
                "01a202bf-c96b-73a6-97d0-4eff2f4e44ed",
                "--server",
                "{other}/logs"),
        NO_HEADER_FILE(1, "no token: set WINDLASS_TOKEN", "list", "--auth-header", "none"),
        BAD_HEADER_FILE(1, "bad-header: no Authorization header", "list", "--auth-header", "bad-header"),
        EMPTY_HEADER_FILE(1, "empty: no Authorization header", "list", "--auth-header", "empty"),
        BAD_KEY(2, "--idempotency-key", "submit", "--image", "a", "--idempotency-key", "a\nb"),
        UNKNOWN_ID(
                1,
                "404 No such job: there is no job",
                "get",
                "01a202bf-c96b-73a6-97d0-4eff2f4e44ed"),
        ALL_FIELDS(
                1,
                """
                422 What was sent is not valid: /image must be a text (and 1 more)
                  /image must be a text
                  /timeout must be a duration""",
                "submit",
                "-f",
                "job.json"),
        NO_IMAGE(2, "give --image, or a job with --file", "submit"),
        NO_SUCH_CONTEXT(1, "no context nowhere", "list", "--context", "nowhere"),
        CONTEXT_WITHOUT_URL(2, "is no URL of a server", "context", "set", "a", "--server", "x"),
        NO_FILE(1, "none.json cannot be read: there is no such file", "submit", "-f", "none.json"),
        NO_FOLDER(
                1, "cannot be read: Not a directory", "submit", "-f", "job.json/more/job.json"),
        UNREADABLE(1, "/proc/self/mem cannot be read: ", "submit", "-f", "/proc/self/mem"),
        SET_IN_AN_EMPTY_FOLDER(
                1, "has no .yaml, .yml or .json files", "apply", "--set", "a", "-f", "folder"),
        SET_THAT_IS_NO_YAML(1, "no.yaml", "apply", "--set", "a", "-f", "no.yaml"),
        SET_THAT_IS_NO_TEXT(
                1, "bytes.yaml cannot be read: it is no text in UTF-8", "apply", "--set", "a", "-f", "bytes.yaml"),
        SET_THAT_IS_DEEP(1, "more than 64 levels", "apply", "--set", "a", "-f", "deep.yaml"),
        SET_THAT_REPEATS(1, "repeats.yaml has more than 1000000 values", "apply", "--set", "a", "-f", "repeats.yaml"),
        SET_WITH_BYTES(1, "binary.yaml has a value that is no text, number, true or false", "apply", "--set", "a", "-f", "binary.yaml"),
        BLANK_IN_AN_ID(1, "there is no job 'a b'", "get", "a b"),
        UNKNOWN_NAME(1, "there is no job 'nobody': give its id", "logs", "nobody"),
        SEVERAL_SLASHES(2, "'a/b/c' names no job", "cancel", "a/b/c"),
        AMBIGUOUS_ENDING(
                1,
                """
                several jobs fit 'feedbeef': give the id of one
                  01a202bf-c96b-73a6-97d0-0001feedbeef  team/a  RUNNING  2026-01-01T00:00:00Z
                  01a202bf-c96b-73a6-97d0-0002feedbeef  team/b  RUNNING  2026-01-01T00:00:00Z""",
                "get",
                "feedbeef"),
        NO_SUCH_COMMAND_TO_HELP_WITH(2, "there is no command 'sbumit'", "help", "sbumit"),
        EMPTY_FOLDER(1, "has no .yaml, .yml or .json files", "submit", "-f", "folder"),
        EMPTY_FILE(1, "empty has no job: it is empty", "submit", "-f", "empty"),
        NO_YAML(1, "no.yaml", "submit", "-f", "no.yaml"),
        NO_JSON(1, "no.json: ", "submit", "-f", "no.json"),
        NO_JOB(1, "text.yaml is no job: a job has fields", "submit", "-f", "text.yaml"),
        DEEP(1, "deep.yaml has more than 64 levels", "submit", "-f", "deep.yaml"),
        SEVERAL_TO_RUN(2, "run takes one job, and there are 2", "run", "-f", "two.yaml"),
        TWO_WAYS(2, "not both", "submit", "-f", "job.json", "--image", "a"),
        DATA_IN_A_FILE(2, "--data: job.json is no folder", "up", "--data", "job.json"),
        NO_PORT_TO_LISTEN_ON(2, "--port must be from 0 to 65535", "up", "--port", "70000"),
        NO_KUBECONFIG(2, "--kubeconfig: none cannot be read", "up", "--kubeconfig", "none");

        private final int code;
        private final String said;
        private final List<String> arguments;

        Input(int code, String said, String... arguments) {
            this.code = code;
            this.said = said;
            this.arguments = List.of(arguments);
        }
    }

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

    private static HttpServer serve(com.sun.net.httpserver.HttpHandler handler)
            throws IOException {
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

    private static void answer(HttpExchange exchange, int status, String text)
            throws IOException {
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

    private static CommandLineProcess.Result run(Input input, boolean terminal) throws Exception {
        List<String> arguments = new ArrayList<>();
        for (String argument : input.arguments) {
            arguments.add(
                    argument.replace("{closed}", String.valueOf(closed))
                            .replace("{other}", url(other)));
        }
        Path header = folder.resolve(".windlass/auth-header");
        Files.createDirectories(header.getParent());
        Files.writeString(header, "Authorization: Bearer t");
        Map<String, String> environment =
                input == Input.STALE_ADDRESS
                        ? Map.of("WINDLASS_DATA", "stale")
                        : arguments.contains("--context")
                                ? Map.of()
                                : Map.of("WINDLASS_URL", url(windlass));
        return new CommandLineProcess(folder, environment).run(terminal, "", arguments);
    }

    private static void isTold(Input input, CommandLineProcess.Result result) {
        assertThat(result.err()).as(input.name()).contains(input.said);
        assertThat(result.err().strip().lines().count())
                .as(result.err())
                .isEqualTo(input.said.lines().count());
        assertThat(result.err()).doesNotContain("Exception", "\tat ", "at fault");
        assertThat(result.code()).as(result.err()).isEqualTo(input.code);
        assertThat(result.out()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Input.class)
    void shouldSayInFewLinesWhatToDo(Input input) throws Exception {
        isTold(input, run(input, false));
    }

    @ParameterizedTest
    @EnumSource(Input.class)
    void shouldSayTheSameOnATerminal(Input input) throws Exception {
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
