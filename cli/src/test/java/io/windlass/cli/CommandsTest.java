package io.windlass.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What commands ask a server for, and what they make of its answers. */
class CommandsTest {
    private static final String ID = "01a202bf-c96b-73a6-97d0-4eff2f4e44ed";
    private static final String JOB =
            """
            {"id":"1","namespace":"team","name":"a","state":"%s","version":%d,"finishedAt":%s,"submittedAt":"2026-01-01T00:00:00Z"}\
            """;
    private static final String EVENT =
            """
            {"cursor":"%1$s","jobId":"1","version":1,"at":"2026-01-01T00:00:00Z","from":null,"to":"QUEUED","reason":"Submitted","message":"by me"}\
            """;

    private static final String DOCTOR = "/api/v1/problems?kind=rows&limit=500";

    @TempDir Path folder;

    private final Map<String, Deque<String>> answers = new HashMap<>();
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private HttpServer server;
    private int code;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    try (exchange) {
                        String path = exchange.getRequestURI().toString();
                        asked.add(path);
                        Deque<String> next = answers.getOrDefault(path, new ArrayDeque<>());
                        String answer = next.size() > 1 ? next.poll() : next.peek();
                        byte[] body =
                                (answer == null ? "{\"title\":\"Not found\"}" : answer)
                                        .getBytes(UTF_8);
                        exchange.sendResponseHeaders(answer == null ? 404 : 200, body.length);
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

    @Test
    void shouldDeclareAClusterLostAndSayWhatToDoNext() throws Exception {
        String numbers =
                """
                {"cluster":"local","identity":"uid","dryRun":%s,"accepted":%s,"missing":[%s],\
                "failing":3,"cancelled":1,"settled":2,"queued":4}\
                """;
        String path = "/api/v1/clusters/local/declare-lost";
        answers(path, numbers.formatted(false, true, ""));
        answers(
                path + "?dryRun=true",
                numbers.formatted(true, false, "\"it answered just now\""),
                numbers.formatted(true, true, ""));
        assertThat(windlass("cluster", "declare-lost", "local", "--identity", "uid", "--dry-run"))
                .contains("3 jobs end as FAILED, CLUSTER_LOST")
                .contains("4 jobs stay queued")
                .contains("It would be refused now:", "it answered just now");
        assertThat(code).isEqualTo(1);
        assertThat(windlass("cluster", "declare-lost", "local", "--identity", "uid", "--dry-run"))
                .contains("Nothing was done");
        assertThat(code).isZero();
        assertThat(windlass("cluster", "declare-lost", "local", "--identity", "uid"))
                .contains("is lost", "windlass cluster found local --identity uid");
        windlass("cluster", "declare-lost", "local");
        assertThat(code).as("which one must be said").isEqualTo(2);
    }

    @Test
    void shouldFindAClusterAgainAndListThem() throws Exception {
        answers("/api/v1/clusters/local/found", "{\"cluster\":\"local\",\"identity\":\"uid\"}");
        assertThat(windlass("cluster", "found", "local", "--identity", "uid"))
                .contains("is there again", "kubectl");
        answers(
                "/api/v1/clusters",
                """
                {"items":[{"name":"local","identity":"uid","heartbeatAt":"2026-01-01T00:00:00Z","paused":true,\
                "answers":"other","answersSince":"2026-01-01T00:05:00Z","lost":[{"identity":"old",\
                "declaredAt":"2025-01-01T00:00:00Z","declaredBy":"me","foundAt":null,"doneAt":null,"left":7}]}]}\
                """);
        assertThat(windlass("cluster", "list"))
                .contains("local  uid  answered last at 2026-01-01T00:00:00Z; now other answers")
                .contains("old was declared lost at 2025-01-01T00:00:00Z by me")
                .contains("still to be ended: 7");
    }

    private void answers(String path, String... bodies) {
        answers.put(path, new ArrayDeque<>(List.of(bodies)));
    }

    private static String page(String next, String... items) {
        return "{\"items\":[%s],\"next\":%s}"
                .formatted(String.join(",", items), next == null ? null : '"' + next + '"');
    }

    private static String job(String state, int version, boolean ended) {
        return JOB.formatted(state, version, ended ? "\"2026-01-01T00:00:09Z\"" : null);
    }

    private String windlass(String... args) {
        StringWriter out = new StringWriter();
        CommandLine line = Main.commandLine().setOut(new PrintWriter(out));
        code =
                line.execute(
                        Stream.concat(
                                        Stream.of(args),
                                        Stream.of(
                                                "--server",
                                                "http://127.0.0.1:" + server.getAddress().getPort(),
                                                "--auth-header",
                                                folder.resolve("header").toString()))
                                .toArray(String[]::new));
        return out.toString();
    }

    @Test
    void shouldFindTheServerThatWroteItsAddressBesideItsHeader() throws IOException {
        answers("/api/v1/jobs?limit=1", page(null, job("RUNNING", 1, false)));
        Files.writeString(
                folder.resolve("address"),
                "http://127.0.0.1:" + server.getAddress().getPort() + "\n");
        StringWriter out = new StringWriter();
        code =
                Main.commandLine()
                        .setOut(new PrintWriter(out))
                        .execute(
                                "list",
                                "--limit",
                                "1",
                                "--auth-header",
                                folder.resolve("header").toString());
        assertThat(out.toString()).contains("team/a");
    }

    @Test
    void shouldListJobsOverPagesByTheServersFilters() {
        answers(
                "/api/v1/jobs?limit=3&namespace=team&label=a%3Ab",
                page("c", job("RUNNING", 1, false)));
        answers(
                "/api/v1/jobs?limit=2&namespace=team&label=a%3Ab&cursor=c",
                page(null, job("FAILED", 1, true)));
        assertThat(windlass("list", "-n", "team", "-l", "a:b", "--limit", "3"))
                .contains("ID  NAME", "1   team/a  RUNNING", "1   team/a  FAILED");
        assertThat(asked).hasSize(2);
    }

    @Test
    void shouldWriteForPrograms() {
        answers("/api/v1/jobs?limit=50", page(null, job("RUNNING", 1, false)));
        assertThat(windlass("list", "-o", "name")).isEqualToIgnoringNewLines("1");
        assertThat(windlass("list", "-o", "json")).startsWith("{\"items\":[{\"id\":\"1\"");
        assertThat(windlass("list", "-o", "yaml")).startsWith("items:").contains("state: RUNNING");
        assertThat(windlass("list", "-o", "wide")).contains("QUEUE", "SUBMITTED");
        answers("/api/v1/jobs/" + ID, job("RUNNING", 1, false));
        assertThat(windlass("get", ID, "-o", "yaml")).contains("name: a");
        assertThat(windlass("get", ID)).contains("state:      RUNNING");
    }

    @Test
    @Tag("slow")
    void shouldWatchAJobUntilItHasEndedAndTellHow() {
        answers(
                "/api/v1/jobs/" + ID,
                job("RUNNING", 1, false),
                job("RUNNING", 1, false),
                job("FAILED", 2, true));
        String out = windlass("watch", ID, "--every", "1");
        assertThat(out.lines().toList()).hasSize(2);
        assertThat(out).contains("RUNNING", "FAILED");
        assertThat(code).isEqualTo(1);
    }

    @Test
    void shouldReadTheFeedToItsEnd() {
        answers("/api/v1/events?limit=500", page("x", EVENT.formatted("w"), EVENT.formatted("x")));
        answers("/api/v1/events?limit=500&after=x", page("x"));
        assertThat(windlass("events").lines().toList())
                .hasSize(2)
                .first()
                .isEqualTo("2026-01-01T00:00:00Z  1  QUEUED  Submitted  by me");
        assertThat(windlass("events", "--after", "x")).isEmpty();
    }

    @Test
    void shouldFollowTheHistoryOfAJobUntilItHasEnded() {
        answers("/api/v1/jobs/" + ID, job("QUEUED", 1, false), job("SUCCEEDED", 2, true));
        answers(
                "/api/v1/jobs/" + ID + "/events",
                page(null, EVENT.formatted("w")),
                page(null, EVENT.formatted("w"), EVENT.formatted("x")));
        assertThat(windlass("events", ID, "-f", "-o", "json").lines().toList())
                .hasSize(2)
                .last()
                .asString()
                .contains("\"cursor\":\"x\"");
    }

    @Test
    void shouldFollowAHistoryOfSeveralPages() {
        answers("/api/v1/jobs/" + ID, job("QUEUED", 1, false), job("SUCCEEDED", 4, true));
        answers(
                "/api/v1/jobs/" + ID + "/events",
                page("v2", EVENT.formatted("w"), EVENT.formatted("x")));
        answers(
                "/api/v1/jobs/" + ID + "/events?cursor=v2",
                page(null, EVENT.formatted("y")),
                page(null, EVENT.formatted("y"), EVENT.formatted("z")));
        assertThat(windlass("events", ID, "-f", "-o", "json").lines().toList())
                .extracting(line -> line.replaceAll(".*\"cursor\":\"(\\w)\".*", "$1"))
                .containsExactly("w", "x", "y", "z");
    }

    @Test
    void shouldSayWhatMayBeAskedFor() {
        assertThat(windlass("list", "-o", "xml")).isEmpty();
        assertThat(code).isEqualTo(2);
    }

    @Test
    void shouldCompleteItsCommandsAndTheirOptions() {
        StringWriter out = new StringWriter();
        assertThat(Main.commandLine().setOut(new PrintWriter(out)).execute("completion")).isZero();
        assertThat(out.toString()).contains("_complete_windlass", "--namespace", "watch");
    }

    private static String problem(String problem, String object, String since) {
        return """
        {"class":"%s","cause":"because","object":"%s","cluster":"local","namespace":"team","since":%s,\
        "verdictAt":null,"jobs":0,"schedules":0,"link":null}\
        """
                .formatted(problem, object, since == null ? null : '"' + since + '"');
    }

    @Test
    void shouldSayOfAnInstallationThatIsWellThatItIs() {
        answers(DOCTOR, page(null));
        assertThat(windlass("doctor")).startsWith("well: ");
        assertThat(code).isZero();
        assertThat(windlass("doctor", "-o", "json")).isEqualTo("{\"items\":[]}\n");
        assertThat(code).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CHECK_SET_ASIDE",
                "JOB_SET_ASIDE",
                "LOG_SET_ASIDE",
                "SCHEDULE_SET_ASIDE",
                "JOB_UNREADABLE",
                "SCHEDULE_UNREADABLE",
                "INDEX_INVALID",
                "DRIFT_UNKNOWN_JOB",
                "DRIFT_PODS"
            })
    void shouldSayWhatToDoWithEachThingThatNeedsSomebody(String problem) {
        String since = problem.startsWith("INDEX") ? null : "2026-01-01T00:00:00Z";
        answers(DOCTOR, page(null, problem(problem, "it", since)));
        String told = windlass("doctor");
        assertThat(code).isOne();
        assertThat(told).startsWith("it: " + problem).contains("because", "to do: ");
        assertThat(told.contains("since")).isEqualTo(since != null);
        assertThat(windlass("doctor", "-o", "json")).contains(problem);
        assertThat(code).isOne();
    }

    @Test
    void shouldNotCallWellWhatCannotBeAsked() {
        assertThat(windlass("doctor")).doesNotContain("well");
        assertThat(code).isOne();
        windlass("doctor", "--all");
        assertThat(code).isEqualTo(2);
        windlass("doctor", "-o", "xml");
        assertThat(code).isEqualTo(2);
    }
}
