package io.windlass.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.json.Json;
import io.windlass.json.JsonSyntaxException;
import io.windlass.store.Database;
import io.windlass.store.EventFeed;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Answers without an end, and bodies without one; clients that read slowly, or not at all. */
class StreamsTest {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static WebServer web;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        web = new WebServer();
    }

    @AfterAll
    static void stop() {
        web.close();
    }

    private static String job(String name) {
        return "{\"name\":\"" + name + "\",\"image\":\"busybox:1.36\"}";
    }

    private static HttpRequest.Builder ndjson(String body) {
        return web.request("/api/v1/jobs:batch")
                .header("Content-Type", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private static List<Map<String, Object>> results(HttpRequest.Builder request)
            throws IOException, InterruptedException, JsonSyntaxException {
        HttpResponse<String> answer =
                HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        List<Map<String, Object>> results = new ArrayList<>();
        for (String line : answer.body().lines().toList()) {
            results.add(Json.asObject(Json.parse(line)));
        }
        return results;
    }

    @Test
    void shouldTakeAStreamOfJobsLineByLine() throws Exception {
        String body =
                IntStream.range(0, 1_200)
                        .mapToObj(i -> i == 700 ? "{\"name\":" : job("line-" + i))
                        .collect(Collectors.joining("\n"));
        List<Map<String, Object>> results = results(ndjson(body));
        assertThat(results).hasSize(1_200);
        for (int i = 0; i < results.size(); i++) {
            assertThat(results.get(i).get("index")).hasToString(Integer.toString(i));
            assertThat(results.get(i).get("status")).hasToString(i == 700 ? "400" : "202");
        }
    }

    @Test
    void shouldGiveTheSameJobsForTheSameStream() throws Exception {
        String body = job("again-0") + "\n\n" + job("again-1") + "\n";
        List<Map<String, Object>> first = results(ndjson(body).header("Idempotency-Key", "st"));
        List<Map<String, Object>> second = results(ndjson(body).header("Idempotency-Key", "st"));
        assertThat(first).extracting(r -> r.get("index").toString()).containsExactly("0", "2");
        assertThat(second).extracting(r -> r.get("status").toString()).containsOnly("200");
        assertThat(ids(second)).isEqualTo(ids(first));
    }

    private static List<Object> ids(List<Map<String, Object>> results) {
        return results.stream().map(r -> Json.asObject(r.get("job")).get("id")).toList();
    }

    @Test
    void shouldRefuseALineThatIsTooLongAndTakeTheOthers() throws Exception {
        String tooLong = "{\"name\":\"" + "x".repeat(300_000) + "\"}";
        List<Map<String, Object>> results =
                results(ndjson(job("short-0") + "\n" + tooLong + "\n" + job("short-2")));
        assertThat(results)
                .extracting(r -> r.get("status").toString())
                .containsExactly("202", "413", "202");
    }

    /** No JSON column takes a NUL: such a line is refused before the database sees it. */
    @Test
    void shouldTakeTheOthersBesideALineThatNoRowTakes() throws Exception {
        String spoiled =
                """
                {"name":"nul-7","containers":[{"name":"a","image":"busybox:1.36","args":["a\\u0000b"]}]}\
                """;
        othersAreTaken("nul-", spoiled, "422");
    }

    /** By a constraint of the test's own. */
    @Test
    void shouldTakeTheOthersBesideALineThatTheDatabaseRefuses() throws Exception {
        web.bean(Database.class)
                .inTransaction(handle ->
                        handle.execute(
                                "alter table job add constraint refused check (name <> 'refused-7')"));
        othersAreTaken("refused-", job("refused-7"), "500");
    }

    private static void othersAreTaken(String prefix, String spoiled, String status)
            throws Exception {
        String body =
                IntStream.range(0, 1_000)
                        .mapToObj(i -> i == 7 ? spoiled : job(prefix + i))
                        .collect(Collectors.joining("\n"));
        List<Map<String, Object>> results = results(ndjson(body));
        assertThat(results).hasSize(1_000);
        for (Map<String, Object> result : results) {
            assertThat(result.get("status"))
                    .as("%s", result)
                    .hasToString(result.get("index").toString().equals("7") ? status : "202");
        }
        assertThat(jobs(web.bean(Database.class), prefix + "%")).isEqualTo(999);
    }

    @Test
    void shouldAnswerALineBeforeTheNextIsSent() throws Exception {
        try (Socket socket = open("POST", "/api/v1/jobs:batch", "application/x-ndjson")) {
            OutputStream out = socket.getOutputStream();
            BufferedReader in = reader(socket);
            chunk(out, job("first") + "\n");
            assertThat(lineWith(in, "\"index\":0")).contains("\"status\":202");
            chunk(out, job("second") + "\n");
            assertThat(lineWith(in, "\"index\":1")).contains("\"status\":202");
            chunk(out, "");
        }
    }

    @Test
    void shouldGoOnWithOtherCallsBesideStreamsThatRest() throws Exception {
        List<Socket> resting = new ArrayList<>();
        try {
            for (int i = 0; i < web.bean(ApiSettings.class).maxBatchesPerCaller(); i++) {
                Socket socket = open("POST", "/api/v1/jobs:batch", "application/x-ndjson");
                resting.add(socket);
                chunk(socket.getOutputStream(), job("rests-" + i) + "\n");
                assertThat(lineWith(reader(socket), "\"index\":0")).contains("\"status\":202");
            }
            WebServer.Answer cancelled = web.post("/api/v1/jobs:cancel?name=rests-0", "");
            assertThat(cancelled.status()).as("%s", cancelled.body()).isEqualTo(200);
            assertThat(cancelled.body().get("done")).hasToString("1");
        } finally {
            for (Socket socket : resting) {
                socket.close();
            }
        }
    }

    @Test
    void shouldCommitTogetherWhatCameWhileAPortionWasCommitted() throws Exception {
        try (Socket socket = open("POST", "/api/v1/jobs:batch", "application/x-ndjson")) {
            OutputStream out = socket.getOutputStream();
            for (int i = 0; i < 1_000; i++) {
                chunk(out, job("together-" + i) + "\n");
            }
            chunk(out, "");
            lineWith(reader(socket), "\"index\":999");
        }
        assertThat(
                        number(
                                web.bean(Database.class),
                                "select count(distinct xmin::text) from job where name like 'together-%'"))
                .as("transactions for a thousand lines, each a chunk of its own")
                .isLessThan(200);
    }

    @Test
    void shouldHoldNoTransactionOpenForAClientThatDoesNotRead() throws Exception {
        try (Socket socket = open("POST", "/api/v1/jobs:batch", "application/x-ndjson")) {
            Thread sender =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    for (int i = 0; i < 200_000; i++) {
                                        chunk(socket.getOutputStream(), job("deaf-" + i) + "\n");
                                    }
                                } catch (IOException e) {
                                    // the other side stopped reading, as it should
                                    return;
                                }
                            });
            Database database = web.bean(Database.class);
            Awaitility.await().until(() -> jobs(database, "deaf-%") > 1_000);
            long before = settled(database);
            assertThat(before).as("it stops where nobody reads the results").isLessThan(50_000);
            assertThat(
                            number(
                                    database,
                                    "select count(*) from pg_stat_activity where datname = current_database()"
                                            + " and state like 'idle in transaction%'"))
                    .isZero();
            sender.interrupt();
        }
    }

    /** Until the number does not change any more. */
    private static long settled(Database database) {
        long[] last = {-1};
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(700))
                .until(() -> {
                    long now = jobs(database, "deaf-%");
                    boolean same = now == last[0];
                    last[0] = now;
                    return same;
                });
        return last[0];
    }

    private static long jobs(Database database, String like) {
        return number(database, "select count(*) from job where name like '" + like + "'");
    }

    private static long number(Database database, String sql) {
        return database.transaction(h -> h.createQuery(sql).mapTo(Long.class).one());
    }

    @Test
    void shouldStreamTheFeedAndGoOnFromTheLastEvent() throws Exception {
        web.post("/api/v1/jobs", job("streamed"));
        web.bean(EventFeed.class).sequence(10_000);
        List<String> ids = new ArrayList<>();
        try (FeedReader first = FeedReader.follow(web, "")) {
            ids.add(first.nextId());
            ids.add(first.nextId());
        }
        try (FeedReader resumed = FeedReader.follow(web, ids.getFirst())) {
            assertThat(resumed.nextId()).isEqualTo(ids.get(1));
        }
    }

    @Test
    void shouldTellFollowersAtOnceOfWhatIsNew() throws Exception {
        EventFeed feed = web.bean(EventFeed.class);
        feed.sequence(100_000);
        String cursor = Cursors.of(feed.after(last(feed) - 2, 1).items().getFirst());
        try (FeedReader stream = FeedReader.follow(web, cursor)) {
            // the last one of before: from here on it waits for news
            stream.nextData();
            long begun = System.nanoTime();
            String id = web.post("/api/v1/jobs", job("news")).body().get("id").toString();
            feed.sequence(1_000);
            assertThat(stream.nextData()).contains(id);
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            System.out.printf(
                    "[windlass tests] from a POST to a follower: %d ms%n", took.toMillis());
            assertThat(took).as("whoever is not told looks after 15 s").isLessThan(LONG);
        }
    }

    private static long last(EventFeed feed) {
        return feed.stepsAfter(0, 1).last();
    }

    @Test
    void shouldRefuseACursorThatItDoesNotKnow() throws Exception {
        HttpRequest.Builder request =
                web.request("/api/v1/events")
                        .header("Accept", "text/event-stream")
                        .header("Last-Event-ID", "OTk5OTk5OTk5LmFiY2RlZg");
        assertThat(web.send(request).status()).isEqualTo(410);
    }

    private static Socket open(String method, String path, String type) throws IOException {
        URI uri = web.request("/").build().uri();
        Socket socket = new Socket(uri.getHost(), uri.getPort());
        socket.setSoTimeout(20_000);
        String more =
                method.equals("POST")
                        ? "Content-Type: " + type + "\r\nTransfer-Encoding: chunked\r\n"
                        : "Accept: " + type + "\r\n";
        String head =
                method
                        + " "
                        + path
                        + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                        + WebServer.TOKEN
                        + "\r\n"
                        + more
                        + "\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        return socket;
    }

    private static void chunk(OutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.write(bytes);
        out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    private static String lineWith(BufferedReader in, String text) throws IOException {
        String line = in.readLine();
        while (line != null && !line.contains(text)) {
            line = in.readLine();
        }
        if (line == null) {
            throw new IOException("the answer ended before " + text);
        }
        return line;
    }
}
