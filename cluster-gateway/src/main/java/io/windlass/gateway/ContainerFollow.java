package io.windlass.gateway;

import io.windlass.log.LineSink;
import io.windlass.log.Loss;
import io.windlass.log.PieceBuilder;
import io.windlass.log.Position;
import io.windlass.log.Resumption;
import io.windlass.log.StampedLines;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
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
    private static final int BUFFER = 32 << 10;
    private static final Duration SOON = Duration.ofMillis(50);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration LAST_WORDS = Duration.ofSeconds(15);

    /** Nodes look every ten seconds whether a file is to be rotated. */
    private static final Duration ROTATION = Duration.ofSeconds(10);

    /** Nor do they rotate less than 10 MiB by default, with the time of each line. */
    private static final long WORTH_ROTATING = 8 << 20;

    private static final int TIME_AND_TAGS = 40;
    private static final int LAST_LINES = 20;

    private final NodeLogs node;
    private final String namespace;
    private final String pod;
    private final LiveLog live;
    private final Duration giveUp;
    private final boolean fresh;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Sight sight;
    private boolean podOver;
    private boolean podGone;
    private boolean reading;
    private boolean readToItsEnd;
    private volatile boolean followed;
    private volatile boolean delivered;
    private volatile long waitsSince;
    private volatile @Nullable Instant lateSince;
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
        this.node = node;
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

    void seen(@Nullable Sight now, boolean over, boolean gone) {
        lock.lock();
        try {
            if (now != null) {
                sight = now;
            }
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
                if (run > live.run()) {
                    live.nextRun(run);
                }
                read(run);
            }
            live.end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            stopReading();
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
                && startedAt.plus(ROTATION).isBefore(Instant.now())) {
            lateSince = startedAt;
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
        try {
            while (!hasEnded(run) && !live.lost()) {
                if (!reading) {
                    startReading(run);
                }
                while (reading && !hasEnded(run) && !live.lost()) {
                    changed.await();
                }
                // a node that breaks off in the middle may be about to rotate: it is asked at once
                long nanos = delivered ? 0 : RETRY.toNanos();
                while (nanos > 0 && !hasEnded(run) && !live.lost()) {
                    nanos = changed.awaitNanos(nanos);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void startReading(int run) {
        reading = true;
        readToItsEnd = false;
        delivered = false;
        waitsSince = System.nanoTime();
        int me = live.newReader();
        following =
                Thread.ofVirtual()
                        .name("log-" + pod + "-" + sight.container())
                        .start(() -> ended(pumped(run, me)));
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

    private boolean pumped(int run, int me) {
        try (InputStream in =
                node.open(source(run), new NodeLogs.Part.Following(live.position()))) {
            followed = true;
            Resumption resumption = resumption();
            return pump(
                    in,
                    new StampedLines(resumption == null ? beginning() : resumption),
                    me,
                    Instant.now());
        } catch (IOException | StampedLines.NotALogException e) {
            LOG.debug("{}/{} {}: {}", namespace, pod, sight.container(), e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.warn("{}/{} {}", namespace, pod, sight.container(), e);
        }
        return false;
    }

    private boolean pump(InputStream in, StampedLines lines, int me, @Nullable Instant opened)
            throws IOException, StampedLines.NotALogException, InterruptedException {
        byte[] buffer = new byte[BUFFER];
        boolean told = opened == null;
        while (true) {
            waitsSince = System.nanoTime();
            int n = in.read(buffer);
            waitsSince = 0;
            if (n < 0) {
                return true;
            }
            if (!live.feed(me, lines, buffer, n)) {
                return false;
            }
            delivered = true;
            if (!told && opened != null) {
                told = noteLag(opened);
            }
        }
    }

    /** Where it had written for a while before it was asked for, its beginning may be gone. */
    private LineSink beginning() {
        Instant since = lateSince;
        lateSince = null;
        return since == null
                ? live.sink()
                : new LateBegin(StampedLines.nanos(since.plusSeconds(1)), live);
    }

    private static final class LateBegin implements LineSink {
        private final long expected;
        private final LiveLog live;
        private boolean begun;

        LateBegin(long expected, LiveLog live) {
            this.expected = expected;
            this.live = live;
        }

        @Override
        public void line(long nanos) {
            if (!begun && nanos > expected) {
                live.lost(
                        Loss.Why.LAGGED,
                        "it ran before its log was followed: what its node had rotated by then is missing");
            }
            begun = true;
            live.sink().line(nanos);
        }

        @Override
        public void bytes(byte[] buffer, int from, int to) {
            live.sink().bytes(buffer, from, to);
        }
    }

    /** Behind by more than the time between two rotations, a file may be gone unseen. */
    private boolean noteLag(Instant opened) {
        Position position = live.position();
        Instant now = Instant.now();
        boolean rotated = live.bytes() + TIME_AND_TAGS * live.lines() > WORTH_ROTATING;
        if (position == null || !rotated || opened.plus(ROTATION).isAfter(now)) {
            return false;
        }
        Duration lag = Duration.between(StampedLines.instant(position.nanos()), now);
        if (lag.compareTo(ROTATION) <= 0) {
            return false;
        }
        live.lost(
                Loss.Why.LAGGED,
                "it was read "
                        + lag.toSeconds()
                        + " s behind: what its node rotated twice meanwhile would be missing");
        return true;
    }

    private NodeLogs.Source source(int run) {
        return new NodeLogs.Source(namespace, pod, sight.container(), sight.runs() > run);
    }

    private @Nullable Resumption resumption() {
        Position position = live.position();
        return position == null
                ? null
                : new Resumption(
                        position,
                        live.sink(),
                        nanos ->
                                live.lost(
                                        Loss.Why.ROTATED,
                                        "its node had rotated it before it was taken up again: what was written in"
                                                + " %.3f ms between may be missing"
                                                        .formatted(nanos / 1e6)));
    }

    /** What is there now, until that brings nothing new. */
    private void readRest(int run) throws InterruptedException {
        long until = System.nanoTime() + giveUp.toNanos();
        boolean lookedBefore = false;
        Duration wait = SOON;
        while (!live.lost()) {
            try {
                if (isAtTheEnd(run)) {
                    return;
                }
                if (isReading()) {
                    awaitNews(wait);
                    wait = wait.compareTo(RETRY) < 0 ? wait.multipliedBy(2) : RETRY;
                    continue;
                }
                Rest rest = rest(run, lookedBefore);
                if (rest == Rest.NOTHING) {
                    return;
                }
                lookedBefore = rest == Rest.ELSEWHERE;
                continue;
            } catch (NodeLogs.GoneException e) {
                lastWords("its pod went before its log was read to the end");
                return;
            } catch (IOException | StampedLines.NotALogException e) {
                if (System.nanoTime() > until) {
                    live.lost(Loss.Why.UNREADABLE, "its node does not give it: " + e.getMessage());
                    return;
                }
            }
            awaitNews(RETRY);
        }
    }

    /**
     * Whoever follows still is best left alone, since it reads on where the node has rotated;
     * unless it hears nothing any more from a node that must have come to the end by now.
     */
    private boolean isReading() {
        lock.lock();
        try {
            long since = waitsSince;
            boolean hangs = since != 0 && System.nanoTime() - since > LAST_WORDS.toNanos();
            return reading && !hangs;
        } finally {
            lock.unlock();
        }
    }

    private enum Rest {
        NOTHING,
        MORE,
        /** What was read before is not in what the node has now. */
        ELSEWHERE
    }

    /**
     * The last lines that the node has are the last that were read: mostly that is all to be done.
     */
    private boolean isAtTheEnd(int run)
            throws IOException, StampedLines.NotALogException, InterruptedException {
        Position position = live.position();
        PieceBuilder after = new PieceBuilder();
        Resumption resumption = position == null ? null : Resumption.ofSome(position, after);
        try (InputStream in = node.open(source(run), new NodeLogs.Part.End(LAST_LINES))) {
            if (resumption == null) {
                return in.read() < 0 && live.position() == null;
            }
            StampedLines lines = new StampedLines(resumption);
            byte[] buffer = new byte[BUFFER];
            int n;
            while ((n = in.read(buffer)) >= 0) {
                lines.feed(buffer, n);
            }
        }
        return resumption.found() && after.size() == 0 && Objects.equals(position, live.position());
    }

    private Rest rest(int run, boolean lookedBefore)
            throws IOException, StampedLines.NotALogException, InterruptedException {
        int me = live.newReader();
        long before = live.bytes();
        try (InputStream in = node.open(source(run), new NodeLogs.Part.Present(live.position()))) {
            Resumption resumption = resumption();
            pump(in, new StampedLines(resumption == null ? live.sink() : resumption), me, null);
            if (resumption == null || resumption.found()) {
                return newsSince(before);
            }
            if (!lookedBefore) {
                return Rest.ELSEWHERE;
            }
            if (followed && resumption.holdsNothing()) {
                // rotated after its last line, which was read
                return Rest.NOTHING;
            }
            live.note(resumption::end);
            return newsSince(before);
        }
    }

    private Rest newsSince(long before) {
        return live.bytes() == before ? Rest.NOTHING : Rest.MORE;
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
