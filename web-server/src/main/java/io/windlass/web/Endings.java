package io.windlass.web;

import io.micronaut.context.annotation.Context;
import io.micronaut.runtime.graceful.GracefulShutdownCapable;
import io.windlass.job.JobId;
import io.windlass.service.Loop;
import io.windlass.service.Loops;
import io.windlass.store.Database;
import io.windlass.store.EventFeed;
import io.windlass.store.Notifications;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells those who wait for a job that it has ended: one reader of the feed, woken by NOTIFY or
 * after a second.
 */
@Context
final class Endings implements GracefulShutdownCapable {
    private static final Logger LOG = LoggerFactory.getLogger(Endings.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final int PAGE = 1_000;

    private final EventFeed feed;
    private final Notifications notifications;
    private final Loops loops;
    private final Map<JobId, Set<CountDownLatch>> waiting = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private String epoch = "";
    private long seen;
    private long turn;
    private volatile boolean leaving;

    Endings(EventFeed feed, Database database, Loops loops) {
        this.feed = feed;
        this.notifications = new Notifications(database, EventFeed.CHANNEL);
        this.loops = loops;
    }

    @PostConstruct
    void start() {
        loops.add(new Loop("endings", this::runOnce));
    }

    /** To be taken before the job is read, so that an end in between is not missed. */
    final class Waiter implements AutoCloseable {
        private final JobId id;
        private final CountDownLatch ended = new CountDownLatch(1);

        private Waiter(JobId id) {
            this.id = id;
            waiting.computeIfAbsent(id, i -> ConcurrentHashMap.newKeySet()).add(ended);
            if (leaving) {
                ended.countDown();
            }
        }

        void await(Duration most) {
            try {
                if (!ended.await(most.toMillis(), TimeUnit.MILLISECONDS)) {
                    LOG.trace("job {} has not ended in time", id);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {
            waiting.computeIfPresent(
                    id,
                    (i, latches) -> {
                        latches.remove(ended);
                        return latches.isEmpty() ? null : latches;
                    });
        }
    }

    /** For those who follow the feed, before they read: what comes later is news. */
    long turn() {
        lock.lock();
        try {
            return turn;
        } finally {
            lock.unlock();
        }
    }

    /** True once there was something new since that turn. */
    boolean awaitNews(long since, Duration most) throws InterruptedException {
        lock.lock();
        try {
            long nanos = most.toNanos();
            while (turn == since && nanos > 0 && !leaving) {
                nanos = moved.awaitNanos(nanos);
            }
            return turn != since;
        } finally {
            lock.unlock();
        }
    }

    private void moved() {
        lock.lock();
        try {
            turn++;
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    Waiter waiter(JobId id) {
        return new Waiter(id);
    }

    Duration runOnce() throws InterruptedException {
        if (epoch.isEmpty()) {
            beginAt(feed.stepsAfter(Long.MAX_VALUE, 1));
        }
        notifications.await(POLL);
        EventFeed.Page<EventFeed.Step> page;
        do {
            page = feed.stepsAfter(seen, PAGE);
            if (!page.continues(epoch, seen)) {
                beginAt(page);
                return Duration.ZERO;
            }
            for (EventFeed.Step step : page.items()) {
                seen = step.seq();
                if (step.to().terminal()) {
                    waiting.getOrDefault(step.jobId(), Set.of()).forEach(CountDownLatch::countDown);
                }
            }
            if (!page.items().isEmpty()) {
                moved();
            }
        } while (page.items().size() == PAGE);
        return Duration.ZERO;
    }

    /** What came before may have been missed: all who wait look for themselves. */
    private void beginAt(EventFeed.Page<EventFeed.Step> page) {
        epoch = page.epoch();
        seen = page.last();
        releaseAll();
        moved();
    }

    private void releaseAll() {
        waiting.values().forEach(latches -> latches.forEach(CountDownLatch::countDown));
    }

    /**
     * Who waits is answered with what is so far, and asks another replica. Not by an event of the
     * shutdown: its listeners have an order, and the one that waits for all requests is the first.
     */
    @Override
    public CompletionStage<?> shutdownGracefully() {
        leaving = true;
        releaseAll();
        moved();
        return CompletableFuture.completedStage(null);
    }

    int waiting() {
        return waiting.size();
    }

    boolean isLeaving() {
        return leaving;
    }

    @PreDestroy
    void close() {
        notifications.close();
    }
}
