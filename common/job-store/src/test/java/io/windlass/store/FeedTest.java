package io.windlass.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.job.Input;
import io.windlass.job.JobId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a reader of the feed may rely on: all, or the word that something is gone. */
class FeedTest extends OnPostgres {
    private static final Duration AT_ONCE = Duration.ofDays(-1);
    private Retention retention;

    @BeforeEach
    void retention() {
        retention = new Retention(database);
    }

    private JobId settled(String name) {
        JobId id = submit(name);
        for (Input input : List.of(new Input.CancelRequested("tester"), new Input.Due())) {
            assertThat(progressions.write(step(load(id), input))).isTrue();
        }
        return id;
    }

    private EventFeed.Page<EventFeed.StoredEvent> page(long after) {
        return feed.after(after, 1_000);
    }

    private void execute(String sql) {
        database.inTransaction(handle -> handle.execute(sql));
    }

    @Test
    void shouldKeepTheLinesOfAJobThatIsDeleted() {
        JobId first = settled("first");
        JobId second = submit("second");
        feed.sequence(100);
        EventFeed.Page<EventFeed.StoredEvent> before = page(0);
        assertThat(retention.delete(List.of(first))).isEqualTo(1);
        assertThat(retention.deleteOldLines(Duration.ofHours(1))).isZero();
        EventFeed.Page<EventFeed.StoredEvent> after = page(0);
        assertThat(after.items()).isEqualTo(before.items());
        assertThat(after.items()).extracting(EventFeed.StoredEvent::jobId).contains(first, second);
        assertThat(after.continues(before.epoch(), 0)).isTrue();
    }

    @Test
    void shouldTellAReaderThatLinesAreGoneBehindItsPlace() {
        JobId first = settled("first");
        feed.sequence(100);
        EventFeed.Page<EventFeed.StoredEvent> before = page(0);
        JobId second = submit("second");
        feed.sequence(100);
        assertThat(retention.delete(List.of(first))).isEqualTo(1);
        assertThat(retention.deleteOldLines(AT_ONCE)).isEqualTo(before.items().size());
        long place = before.items().size();
        assertThat(page(place - 1).continues(before.epoch(), place - 1)).isFalse();
        assertThat(page(place).continues(before.epoch(), place))
                .as("its own line is gone, but none after it")
                .isTrue();
        EventFeed.Page<EventFeed.StoredEvent> anew = feed.after(null, 100);
        assertThat(anew.begun()).isEqualTo(place);
        assertThat(anew.items()).extracting(EventFeed.StoredEvent::jobId).containsExactly(second);
    }

    @Test
    void shouldNoticeWhoeverDeletesLines() {
        JobId first = settled("first");
        submit("second");
        feed.sequence(100);
        execute("delete from job_event where job_id = '" + first + "'");
        assertThat(page(0).continues(page(0).epoch(), 0)).isFalse();
    }

    @Test
    void shouldKeepLinesThatHaveNoNumberYet() {
        JobId first = settled("first");
        assertThat(retention.delete(List.of(first))).isEqualTo(1);
        assertThat(retention.deleteOldLines(AT_ONCE)).isZero();
        feed.sequence(100);
        assertThat(page(0).items()).isNotEmpty();
        assertThat(retention.deleteOldLines(AT_ONCE)).isPositive();
        assertThat(page(0).items()).isEmpty();
    }

    @Test
    void shouldBeginAnotherEpochWhereTheDatabaseMayHaveGoneBack() {
        submit("first");
        feed.sequence(100);
        String epoch = page(0).epoch();
        feed.sequence(100);
        assertThat(page(0).continues(epoch, 1)).isTrue();
        execute("update event_feed set home = 'the server of before'");
        submit("second");
        feed.sequence(100);
        assertThat(page(0).epoch()).isNotEqualTo(epoch);
        assertThat(page(0).continues(epoch, 1)).isFalse();
    }

    @Test
    void shouldNotGoOnFromANumberThatHasNotBeenGiven() {
        submit("first");
        feed.sequence(100);
        assertThat(page(2).continues(page(2).epoch(), 2)).isFalse();
    }
}
