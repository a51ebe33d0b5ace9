package io.windlass.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.job.Input;
import io.windlass.job.JobId;
import io.windlass.testing.TestSize;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random histories: jobs end, are deleted, and their lines are, while readers stay away for as long
 * as they like. Each of them reads all that there ever was behind its place, or is told that it
 * cannot.
 */
@Tag("slow")
class FeedHistoriesTest extends OnPostgres {
    private static final Duration AT_ONCE = Duration.ofDays(-1);
    private static final int STEPS = 12;

    /** Every line that ever had a number. */
    private final TreeMap<Long, String> written = new TreeMap<>();

    private final List<JobId> running = new ArrayList<>();
    private final List<JobId> ended = new ArrayList<>();
    private int told;
    private int refused;

    /** Who reads a page now and then. */
    private final class Reader {
        private @Nullable String epoch;
        private @Nullable Long seen;

        void read(Random chance) {
            EventFeed.Page<EventFeed.StoredEvent> page = feed.after(seen, 1 + chance.nextInt(6));
            if (epoch != null && !page.continues(epoch, page.begun())) {
                refused++;
                epoch = null;
                seen = null;
                return;
            }
            List<String> lines = page.items().stream().map(FeedHistoriesTest::line).toList();
            assertThat(lines)
                    .as("behind %d", page.begun())
                    .isEqualTo(
                            written.tailMap(page.begun(), false).values().stream()
                                    .limit(Math.max(1, lines.size()))
                                    .toList());
            told += lines.size();
            epoch = page.epoch();
            seen = page.begun() + lines.size();
        }
    }

    private static String line(EventFeed.StoredEvent event) {
        return event.seq() + " " + event.jobId() + " " + event.version();
    }

    private void end(JobId id) {
        for (Input input : List.of(new Input.CancelRequested("tester"), new Input.Due())) {
            assertThat(progressions.write(step(load(id), input))).isTrue();
        }
    }

    private void sequence() {
        feed.sequence(100);
        long last = written.isEmpty() ? 0 : written.lastKey();
        feed.after(last, 1_000)
                .items()
                .forEach(event -> written.put(Objects.requireNonNull(event.seq()), line(event)));
    }

    private static <T> T taken(List<T> from, Random chance) {
        return from.remove(chance.nextInt(from.size()));
    }

    private void step(Retention retention, Random chance) {
        switch (chance.nextInt(6)) {
            case 0, 1 -> running.add(submit("job"));
            case 2 -> {
                if (!running.isEmpty()) {
                    JobId id = taken(running, chance);
                    end(id);
                    ended.add(id);
                }
            }
            case 3 -> {
                if (!ended.isEmpty()) {
                    retention.delete(List.of(taken(ended, chance)));
                }
            }
            case 4 -> retention.deleteOldLines(AT_ONCE);
            default -> sequence();
        }
    }

    @Test
    void shouldTellEachReaderAllOrThatItCannot() {
        Retention retention = new Retention(database, 3);
        int histories = TestSize.of(100, 250, 1_000);
        for (int history = 0; history < histories; history++) {
            Random chance = new Random(history);
            List<Reader> readers = List.of(new Reader(), new Reader(), new Reader());
            for (int i = 0; i < STEPS; i++) {
                step(retention, chance);
                if (chance.nextInt(3) == 0) {
                    sequence();
                    readers.get(chance.nextInt(readers.size())).read(chance);
                }
            }
        }
        System.out.printf(
                "[windlass tests] %d histories, %d lines told, %d readers sent to the beginning%n",
                histories, told, refused);
        assertThat(told).isPositive();
        assertThat(refused).isPositive();
    }
}
