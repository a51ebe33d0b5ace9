package io.windlass.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.windlass.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A job decides about its texts; none of them may command the terminal of whoever reads them. */
class HostileTextsTest {
    private static final String ID = "01a202bf-c96b-73a6-97d0-4eff2f4e44ed";

    /** Each has a hostile text in thirty fields. */
    private static final int ANSWERS = 68;

    /** Written, never printed: the same characters as {@link Visible} replaces. */
    private static final List<String> PIECES =
            List.of(
                    "\u001b]52;c;cHduZWQ=\u0007",
                    "\u001b[2J",
                    "\u001b[31mSUCCEEDED\u001b[0m",
                    "\r",
                    "\u009b2J",
                    "\u0008\u0008",
                    "\u007f",
                    "\u202e",
                    "\u2066",
                    "\u200f",
                    "\u061c",
                    "\u2028",
                    "plain",
                    "\t",
                    "\n",
                    "é",
                    "😀",
                    "\\u001b",
                    "\"",
                    ": ",
                    "- ",
                    "#");

    private static final List<List<String>> COMMANDS =
            Stream.of(
                            "get 01a202bf-c96b-73a6-97d0-4eff2f4e44ed",
                            "get 01a202bf-c96b-73a6-97d0-4eff2f4e44ed -o json",
                            "get 01a202bf-c96b-73a6-97d0-4eff2f4e44ed -o yaml",
                            "get 01a202bf-c96b-73a6-97d0-4eff2f4e44ed -o name",
                            "list",
                            "list -o wide",
                            "list -o json",
                            "list -o yaml",
                            "list -o name",
                            "events",
                            "events 01a202bf-c96b-73a6-97d0-4eff2f4e44ed",
                            "events -o json",
                            "events -o yaml",
                            "events -o name",
                            "describe 01a202bf-c96b-73a6-97d0-4eff2f4e44ed",
                            "describe 01a202bf-c96b-73a6-97d0-4eff2f4e44ed -o json",
                            "pods 01a202bf-c96b-73a6-97d0-4eff2f4e44ed",
                            "pods 01a202bf-c96b-73a6-97d0-4eff2f4e44ed -o wide",
                            "pods 01a202bf-c96b-73a6-97d0-4eff2f4e44ed -o name",
                            "rerun 01a202bf-c96b-73a6-97d0-4eff2f4e44ed",
                            "delete 01a202bf-c96b-73a6-97d0-4eff2f4e44ed --yes",
                            "delete 01a202bf-c96b-73a6-97d0-4eff2f4e44ed --dry-run",
                            "get a-name",
                            "get feedbeef",
                            "problems",
                            "problems -o json",
                            "doctor",
                            "doctor -o json",
                            "cancel 01a202bf-c96b-73a6-97d0-4eff2f4e44ed",
                            "schedule list",
                            "schedule runs s",
                            "schedule preview s",
                            "schedule pause s",
                            "schedule run s")
                    .map(command -> Arrays.asList(command.split(" ", -1)))
                    .toList();

    @TempDir Path folder;

    private final Random random = new Random(1);
    private HttpServer server;
    private String answer = "{}";

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    try (exchange) {
                        byte[] body = answer.getBytes(UTF_8);
                        exchange.sendResponseHeaders(200, body.length);
                        exchange.getResponseBody().write(body);
                    }
                });
        server.start();
        Files.writeString(folder.resolve("header"), "Authorization: Bearer t");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private String hostile() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(1, 6); i > 0; i--) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString();
    }

    /** With a hostile text in each field that a command shows. */
    private String answer() {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        for (String field :
                List.of(
                        "id",
                        "jobId",
                        "namespace",
                        "name",
                        "state",
                        "reason",
                        "message",
                        "at",
                        "from",
                        "to",
                        "class",
                        "cause",
                        "object",
                        "since",
                        "verdictAt",
                        "plannedAt",
                        "until",
                        "instants",
                        "verdict",
                        "local",
                        "note",
                        "cron",
                        "timeZone",
                        "nextAt",
                        "submittedBy",
                        "cluster",
                        "queue",
                        "exitCode",
                        "jobs")) {
            all.put(field, hostile());
        }
        all.put(
                "waiting",
                Map.of("class", hostile(), "message", hostile(), "verdictAt", hostile()));
        all.put("finishedAt", "2026-01-01T00:00:09Z");
        all.put("submittedAt", "2026-01-01T00:00:00Z");
        Map<String, @Nullable Object> page = new LinkedHashMap<>(all);
        page.put("items", List.of(all));
        page.put("next", null);
        return Json.write(page);
    }

    private String windlass(List<String> args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line =
                Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        List<String> all = new ArrayList<>(args);
        all.addAll(
                List.of(
                        "--server",
                        "http://127.0.0.1:" + server.getAddress().getPort(),
                        "--auth-header",
                        folder.resolve("header").toString()));
        line.execute(all.toArray(String[]::new));
        return out.toString() + err;
    }

    @Test
    void shouldPrintNothingThatCommandsATerminal() {
        for (int i = 0; i < ANSWERS; i++) {
            answer = answer();
            List<String> command = COMMANDS.get(i % COMMANDS.size());
            String said = windlass(command);
            assertThat(said).as("%s, answer %d", command, i).isNotEmpty();
            assertThat(said.codePoints().filter(HostileTextsTest::commands))
                    .as("%s, answer %d: %s", command, i, said)
                    .isEmpty();
        }
    }

    private static boolean commands(int c) {
        return Character.getType(c) == Character.CONTROL && c != '\n' && c != '\t'
                || Character.getType(c) == Character.FORMAT
                || c == 0x2028
                || c == 0x2029;
    }

    @Test
    void shouldKeepTheValueOfWhatProgramsRead() throws Exception {
        for (int i = 0; i < 10; i++) {
            answer = answer();
            Object sent = Json.parse(answer);
            assertThat(Json.parse(windlass(List.of("get", ID, "-o", "json")))).isEqualTo(sent);
            Path yaml = folder.resolve("answer.yaml");
            Files.writeString(yaml, windlass(List.of("get", ID, "-o", "yaml")));
            assertThat(Yaml.documents(yaml).getFirst()).isEqualTo(sent);
        }
    }

    @Test
    void shouldPassALogThroughButForWhatCommandsATerminal() throws IOException {
        byte[] log = "a\u001b[2J\r\u009bé\u202e😀 ™\u00ad\u2028\n\tz\u00c2".getBytes(UTF_8);
        for (int cut = 0; cut <= log.length; cut++) {
            ByteArrayOutputStream seen = new ByteArrayOutputStream();
            VisibleOutput out = new VisibleOutput(seen);
            out.write(log, 0, cut);
            out.flush();
            out.write(log, cut, log.length - cut);
            out.finish();
            assertThat(seen.toString(UTF_8))
                    .as("cut at %d", cut)
                    .isEqualTo("a\\u001b[2J\\u000d\\u009bé\\u202e😀 ™\u00ad\\u2028\n\tz\u00c2");
        }
    }

    @Test
    void shouldPassBytesThroughThatAreNoText() throws IOException {
        byte[] bytes = {(byte) 0xE2, (byte) 0x80, 'a', (byte) 0xC2, (byte) 0xFF, (byte) 0xE2};
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        VisibleOutput out = new VisibleOutput(seen);
        out.write(bytes);
        out.finish();
        assertThat(seen.toByteArray()).isEqualTo(bytes);
    }
}
