package io.windlass.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.store.Database;
import io.windlass.store.EventFeed;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Readers of a feed of which something is gone, or which went back. */
class FeedGapsTest {
    private WebServer web;
    private Database database;
    private EventFeed feed;

    @BeforeEach
    void start() {
        web = new WebServer();
        database = web.bean(Database.class);
        feed = web.bean(EventFeed.class);
    }

    @AfterEach
    void stop() {
        web.close();
    }

    private static String job(String name) {
        return "{\"name\":\"" + name + "\",\"image\":\"busybox:1.36\"}";
    }

    private long number(String sql) {
        return database.transaction(h -> h.createQuery(sql).mapTo(Long.class).one());
    }

    private long last() {
        return feed.stepsAfter(0, 1).last();
    }

    /** As after {@code jobs:delete} and a day: the last lines that were told of are gone. */
    @Test
    @Tag("slow") // it looks for seconds
    void shouldWaitForNewsWhereTheLastLinesAreGone() throws Exception {
        web.post("/api/v1/jobs", job("gone"));
        feed.sequence(100_000);
        database.inTransaction(handle -> handle.execute("delete from job_event"));
        long before = transactions();
        try (FeedReader stream = FeedReader.follow(web, "")) {
            assertThat(transactions() - before)
                    .as("of all who look, in the 15 s until the first heartbeat")
                    .isLessThan(100);
            String id = web.post("/api/v1/jobs", job("news-after")).body().get("id").toString();
            feed.sequence(1_000);
            assertThat(stream.nextData()).contains(id);
        }
    }

    private long transactions() {
        return number(
                "select xact_commit from pg_stat_database where datname = current_database()");
    }

    /** As if the last line had never been written; no trigger hears of it. */
    private void goBackBefore(long last, String alsoSet) {
        database.inTransaction(handle -> {
            handle.execute("alter table job_event disable trigger user");
            handle.execute("delete from job_event where seq = " + last);
            handle.execute("alter table job_event enable trigger user");
            handle.execute("update event_feed set last_seq = " + (last - 1) + ", " + alsoSet);
        });
    }

    /** A failover to a copy that was behind: numbers are given again. */
    @Test
    void shouldEndAStreamWhoseNumbersAreGivenAgain() throws Exception {
        web.post("/api/v1/jobs", job("before-1"));
        web.post("/api/v1/jobs", job("before-2"));
        feed.sequence(100_000);
        long last = last();
        String cursor = Cursors.of(feed.after(last - 1, 1).items().getFirst());
        String earlier = Cursors.of(feed.after(last - 2, 1).items().getFirst());
        try (FeedReader stream = FeedReader.follow(web, earlier)) {
            stream.nextData();
            goBackBefore(last, "home = 'other'");
            web.post("/api/v1/jobs", job("after"));
            feed.sequence(1_000);
            assertThat(last()).as("given again").isEqualTo(last);
            assertThatThrownBy(stream::nextData).hasMessageContaining("ended");
        }
        assertThat(web.get("/api/v1/events?after=" + cursor).status()).isEqualTo(410);
        assertThat(web.get("/api/v1/events?after=" + earlier).status()).isEqualTo(410);
        try (FeedReader anew = FeedReader.follow(web, "")) {
            assertThat(anew.nextData()).isNotEmpty();
        }
    }

    /** The same where the database itself does not know that it went back: a copy of its disks. */
    @Test
    void shouldEndAStreamThatIsAheadOfTheFeed() throws Exception {
        web.post("/api/v1/jobs", job("ahead-1"));
        web.post("/api/v1/jobs", job("ahead-2"));
        feed.sequence(100_000);
        long last = last();
        String cursor = Cursors.of(feed.after(last - 1, 1).items().getFirst());
        String earlier = Cursors.of(feed.after(last - 2, 1).items().getFirst());
        try (FeedReader stream = FeedReader.follow(web, earlier)) {
            stream.nextData();
            goBackBefore(last, "home = home");
            assertThatThrownBy(stream::nextData).hasMessageContaining("ended");
        }
        web.post("/api/v1/jobs", job("ahead-3"));
        feed.sequence(1_000);
        assertThat(web.get("/api/v1/events?after=" + cursor).status())
                .as("its number is that of another event by now")
                .isEqualTo(410);
    }

    @Test
    void shouldAnswerWhoWaitsWhereTheFeedWentBack() throws Exception {
        Endings endings = web.bean(Endings.class);
        long turn = endings.turn();
        String id = web.post("/api/v1/jobs", job("awaited")).body().get("id").toString();
        feed.sequence(100_000);
        assertThat(endings.awaitNews(turn, Duration.ofSeconds(10))).isTrue();
        CompletableFuture<Integer> answer =
                CompletableFuture.supplyAsync(() -> {
                    try {
                        return web.get("/api/v1/jobs/" + id + "?wait=30s").status();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                });
        Awaitility.await().until(() -> endings.waiting() == 1);
        database.inTransaction(handle ->
                handle.execute("update event_feed set last_seq = last_seq - 1, home = 'other'"));
        feed.sequence(1_000);
        assertThat(answer.get(10, TimeUnit.SECONDS))
                .as("what it waits for may have been told in between")
                .isEqualTo(200);
    }

    @Test
    void shouldGoOnAfterACursorWhoseLineIsGoneButNoneAfterIt() throws Exception {
        web.post("/api/v1/jobs", job("old-1"));
        web.post("/api/v1/jobs", job("old-2"));
        feed.sequence(100_000);
        long last = last();
        List<EventFeed.StoredEvent> two = feed.after(last - 2, 2).items();
        database.inTransaction(
                handle -> handle.execute("delete from job_event where seq = " + (last - 1)));
        String gone = Cursors.of(two.getFirst());
        WebServer.Answer next = web.get("/api/v1/events?after=" + gone);
        assertThat(next.status()).isEqualTo(200);
        assertThat(next.body().get("next")).isEqualTo(Cursors.of(two.getLast()));
        database.inTransaction(
                handle -> handle.execute("delete from job_event where seq = " + last));
        assertThat(web.get("/api/v1/events?after=" + gone).status()).isEqualTo(410);
        WebServer.Answer anew = web.get("/api/v1/events");
        assertThat(anew.status()).isEqualTo(200);
        assertThat(web.get("/api/v1/events?after=" + anew.body().get("next")).status())
                .as("a place without a line")
                .isEqualTo(200);
    }
}
