package io.windlass.gateway;

import io.windlass.log.Loss;
import io.windlass.log.StampedLines;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what one container writes, from its start to its end, each run of it.
 *
 * <p>While it runs its log is followed. That a stream ends proves nothing, since whatever stands in
 * between may have broken it off; so once the container has ended, what is there is read again from
 * the last position, until that brings nothing new.
 */
final class ContainerFollow {
    private static final Logger LOG = LoggerFactory.getLogger(ContainerFollow.class);
    private static final Duration SOON = Duration.ofMillis(50);
    private static final Duration OFTEN = Duration.ofSeconds(1);
    private static final Duration SELDOM = Duration.ofSeconds(30);
    private static final Duration LAST_WORDS = Duration.ofSeconds(15);

    private final NodeReading node;
    private final String namespace;
    private final String pod;
    private final LiveLog live;
    private final Duration giveUp;
    private final boolean fresh;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile Sight sight;
    private boolean podOver;
    private boolean podGone;
    private boolean reading;
    private boolean readToItsEnd;
    private @Nullable Thread following;
    private @Nullable Thread work;

    ContainerFollow(
            NodeLogs node,
            String namespace,
            String pod,
            Sight sight,
            LiveLog live,
            Duration giveUp,
            boolean fresh) {
        this.node = new NodeReading(node, live);
        this.namespace = namespace;
        this.pod = pod;
        this.sight = sight;
        this.live = live;
        this.giveUp = giveUp;
        this.fresh = fresh;
    }

    LiveLog live() {
        return live;
    }

    String container() {
        return sight.container();
    }

    void seen(Sight now, boolean over, boolean gone) {
        lock.lock();
        try {
            sight = now;
            podOver |= over;
            podGone |= gone;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    synchronized void start() {
        work = Thread.ofVirtual().name("log-of-" + pod).start(this::run);
    }

    /** Follows no more; what was read stays. */
    synchronized void stop() {
        Thread working = work;
        if (working != null) {
            working.interrupt();
        }
    }

    /** Until there is nothing more to come. */
    private void run() {
        try {
            if (fresh) {
                noteLateBegin();
            }
            for (int run = awaitRun(live.run()); run >= 0; run = awaitRun(run + 1)) {
                begin(run);
                read(run);
            }
            live.end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            stopReading();
        }
    }

    private void begin(int run) {
        if (run > live.run() + 1) {
            live.lost(Loss.Why.RESTARTED, "it had run again before this run of it was read");
        }
        if (run > live.run()) {
            live.nextRun(run);
        }
    }

    /** Nobody can know what a node has thrown away before it was first asked. */
    private void noteLateBegin() {
        Instant startedAt = sight.startedAt();
        if (sight.runs() > 0) {
            live.lost(
                    Loss.Why.RESTARTED,
                    "it had run " + sight.runs() + " times before its log was followed");
            live.nextRun(sight.runs());
        }
        if (startedAt != null
                && !sight.ended()
                && startedAt.plus(NodeReading.ROTATION).isBefore(Instant.now())) {
            node.beginsLate(startedAt);
        }
    }

    /** The next run from this one on; -1 where there will be none. */
    private int awaitRun(int from) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (sight.runs() < from || !sight.started()) {
                if (podOver || podGone || live.lost() || !sight.mayRunAgain()) {
                    return -1;
                }
                changed.await();
            }
            return live.lost() ? -1 : sight.runs() > from + 1 ? sight.runs() - 1 : from;
        } finally {
            lock.unlock();
        }
    }

    private void read(int run) throws InterruptedException {
        if (sight.runs() == run && !hasEnded(run)) {
            follow(run);
        }
        if (!live.lost()) {
            readRest(run);
        }
        stopReading();
    }

    private boolean hasEnded(int run) {
        return sight.runs() > run || sight.ended() || podOver || podGone;
    }

    /** Returns once the run has ended. */
    private void follow(int run) throws InterruptedException {
        lock.lockInterruptibly();
        Duration wait = SOON;
        try {
            if (node.givesNone()) {
                // mostly it has ended by then, and is asked once
                wait = SELDOM;
                awaitEnd(run, wait);
            }
            while (!hasEnded(run) && !live.lost()) {
                if (!reading) {
                    startReading(run);
                }
                while (reading && !hasEnded(run) && !live.lost()) {
                    changed.await();
                }
                // a node that breaks off in the middle may be about to rotate: it is asked at once
                wait = node.delivered() ? SOON : longer(wait);
                awaitEnd(run, wait);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Holding the lock. */
    private void awaitEnd(int run, Duration most) throws InterruptedException {
        long nanos = most.toNanos();
        while (nanos > 0 && !hasEnded(run) && !live.lost()) {
            nanos = changed.awaitNanos(nanos);
        }
    }

    private void startReading(int run) {
        reading = true;
        readToItsEnd = false;
        int me = node.newReader();
        following =
                Thread.ofVirtual()
                        .name("log-" + pod + "-" + sight.container())
                        .start(() -> ended(followed(run, me)));
    }

    private void ended(boolean whole) {
        lock.lock();
        try {
            if (Thread.currentThread().equals(following)) {
                reading = false;
                readToItsEnd = whole;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean followed(int run, int me) {
        try {
            return node.follow(source(run), me);
        } catch (IOException | StampedLines.NotALogException e) {
            LOG.debug("{}/{} {}: {}", namespace, pod, sight.container(), e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.warn("{}/{} {}", namespace, pod, sight.container(), e);
        }
        return false;
    }

    private NodeLogs.Source source(int run) {
        return new NodeLogs.Source(namespace, pod, sight.container(), sight.runs() > run);
    }

    /** What is there now, until that brings nothing new. */
    private void readRest(int run) throws InterruptedException {
        long until = System.nanoTime() + giveUp.toNanos();
        boolean lookedBefore = false;
        Duration wait = SOON;
        while (!live.lost()) {
            try {
                if (node.isAtTheEnd(source(run))) {
                    return;
                }
                if (isReading()) {
                    awaitNews(wait);
                    wait = wait.compareTo(OFTEN) < 0 ? longer(wait) : OFTEN;
                    continue;
                }
                NodeReading.Rest rest = node.rest(source(run), lookedBefore);
                if (rest == NodeReading.Rest.NOTHING) {
                    return;
                }
                lookedBefore = rest == NodeReading.Rest.ELSEWHERE;
                continue;
            } catch (NodeLogs.GoneException e) {
                lastWords("its pod went before its log was read to the end");
                return;
            } catch (NodeLogs.NoneException e) {
                live.lost(Loss.Why.UNREADABLE, String.valueOf(e.getMessage()));
                return;
            } catch (IOException | StampedLines.NotALogException e) {
                if (System.nanoTime() > until) {
                    live.lost(Loss.Why.UNREADABLE, "its node does not give it: " + e.getMessage());
                    return;
                }
            }
            wait = longer(wait);
            awaitNews(wait);
        }
    }

    /** A node that does not answer is not helped by being asked more. */
    private static Duration longer(Duration wait) {
        Duration twice = wait.multipliedBy(2);
        return twice.compareTo(SELDOM) < 0 ? twice : SELDOM;
    }

    /**
     * Whoever follows still is best left alone, since it reads on where the node has rotated;
     * unless it hears nothing any more from a node that must have come to the end by now.
     */
    private boolean isReading() {
        lock.lock();
        try {
            return reading && !node.waitsLongerThan(LAST_WORDS);
        } finally {
            lock.unlock();
        }
    }

    private void awaitNews(Duration most) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long nanos = most.toNanos();
            while (nanos > 0 && !podGone) {
                nanos = changed.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    /** There is nobody left to ask; what is still under way may yet come. */
    private void lastWords(String otherwise) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long nanos = LAST_WORDS.toNanos();
            while (reading && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            if (readToItsEnd) {
                return;
            }
        } finally {
            lock.unlock();
        }
        live.lost(Loss.Why.POD_GONE, otherwise);
    }

    private void stopReading() {
        Thread reader;
        lock.lock();
        try {
            reading = false;
            live.newReader();
            reader = following;
            following = null;
        } finally {
            lock.unlock();
        }
        if (reader != null) {
            reader.interrupt();
        }
    }
}
