package io.windlass.web;

import io.windlass.json.Json;
import io.windlass.service.Pulled;
import io.windlass.store.DatabaseAwayException;
import io.windlass.store.EventFeed;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The feed from a cursor on, for one reader, without an end. */
final class FeedStream implements Pulled.Source<byte[]> {
    private static final int PAGE = 200;
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);
    private static final Duration DATABASE_AWAY = Duration.ofSeconds(1);

    private final EventFeed feed;
    private final Endings endings;
    private final Caller caller;
    private final Runnable whenClosed;
    private final Deque<EventFeed.StoredEvent> ready = new ArrayDeque<>();
    private @Nullable String epoch;
    private @Nullable Long seen;
    private boolean broken;

    /** From the beginning on where there is no place to go on from. */
    FeedStream(
            EventFeed feed,
            Endings endings,
            Caller caller,
            Cursors.@Nullable Feed after,
            Runnable whenClosed) {
        this.feed = feed;
        this.endings = endings;
        this.caller = caller;
        this.epoch = after == null ? null : after.epoch();
        this.seen = after == null ? null : after.seq();
        this.whenClosed = whenClosed;
    }

    /**
     * An event, or a heartbeat where there was none for a while; null where this process goes, or
     * where the feed does not go on from here: its reader asks again, and is told.
     */
    @Override
    public byte @Nullable [] next() throws InterruptedException {
        while (!endings.isLeaving()) {
            EventFeed.StoredEvent event = ready.poll();
            if (event != null) {
                if (event.namespace() != null && caller.may(event.namespace())) {
                    return message(
                            "id: "
                                    + Cursors.of(event)
                                    + "\ndata: "
                                    + Json.write(JobTree.event(event)));
                }
                continue;
            }
            long turn = endings.turn();
            if (!fetched()) {
                if (broken) {
                    return null;
                }
                if (!endings.awaitNews(turn, HEARTBEAT)) {
                    return message(": heartbeat");
                }
            }
        }
        return null;
    }

    private static byte[] message(String lines) {
        return (lines + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    private boolean fetched() throws InterruptedException {
        EventFeed.Page<EventFeed.StoredEvent> page;
        try {
            page = feed.after(seen, PAGE);
        } catch (DatabaseAwayException e) {
            // the reader need not know: it goes on from where it is
            Thread.sleep(DATABASE_AWAY);
            return true;
        }
        broken = !page.continues(epoch == null ? page.epoch() : epoch, page.begun());
        if (broken) {
            return false;
        }
        epoch = page.epoch();
        ready.addAll(page.items());
        EventFeed.StoredEvent last = ready.peekLast();
        seen = last == null || last.seq() == null ? page.last() : last.seq();
        return last != null;
    }

    @Override
    public void close() {
        whenClosed.run();
    }
}
