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
import org.jspecify.annotations.Nullable;

/**
 * Reads a container's log from its node, from where it was read to: as it comes, or what there is
 * now. Notes what may be missing.
 */
final class NodeReading {
    private static final int BUFFER = 32 << 10;

    /** Nodes look every ten seconds whether a file is to be rotated. */
    static final Duration ROTATION = Duration.ofSeconds(10);

    /** Nor do they rotate less than 10 MiB by default, with the time of each line. */
    private static final long WORTH_ROTATING = 8 << 20;

    private static final int TIME_AND_TAGS = 40;
    private static final int LAST_LINES = 20;

    private final NodeLogs node;
    private final LiveLog live;
    private volatile boolean followed;
    private volatile boolean delivered;
    private volatile long waitsSince;
    private volatile @Nullable Instant lateSince;

    NodeReading(NodeLogs node, LiveLog live) {
        this.node = node;
        this.live = live;
    }

    /** It had run since then before anybody asked for its log. */
    void beginsLate(Instant since) {
        lateSince = since;
    }

    /** The reading that is about to follow; whoever read before feeds nothing any more. */
    int newReader() {
        delivered = false;
        waitsSince = System.nanoTime();
        return live.newReader();
    }

    /** Something has come since then. */
    boolean delivered() {
        return delivered;
    }

    /** Its node gives no logs, as far as that is known. */
    boolean givesNone() {
        return node.givesNone();
    }

    /** Waits for its node for so long already. */
    boolean waitsLongerThan(Duration length) {
        long since = waitsSince;
        return since != 0 && System.nanoTime() - since > length.toNanos();
    }

    /** Until its node has no more, which may be a lie; false where another reads by now. */
    boolean follow(NodeLogs.Source source, int me)
            throws IOException, StampedLines.NotALogException, InterruptedException {
        try (InputStream in = node.open(source, new NodeLogs.Part.Following(live.position()))) {
            followed = true;
            Resumption resumption = resumption();
            LineSink sink = resumption == null ? beginning() : resumption;
            return pump(in, new StampedLines(sink), me, new LagWatch()::look);
        }
    }

    private boolean pump(InputStream in, StampedLines lines, int me, Runnable whenFed)
            throws IOException, StampedLines.NotALogException, InterruptedException {
        byte[] buffer = new byte[BUFFER];
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
            whenFed.run();
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
                        "it ran before its log was followed: what its node had rotated by then would be missing");
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
    private final class LagWatch {
        private final Instant opened = Instant.now();
        private boolean told;

        void look() {
            Position position = live.position();
            Instant now = Instant.now();
            boolean rotated = live.bytes() + TIME_AND_TAGS * live.lines() > WORTH_ROTATING;
            if (told || position == null || !rotated || opened.plus(ROTATION).isAfter(now)) {
                return;
            }
            Duration lag = Duration.between(StampedLines.instant(position.nanos()), now);
            if (lag.compareTo(ROTATION) > 0) {
                told = true;
                live.lost(
                        Loss.Why.LAGGED,
                        "it was read "
                                + lag.toSeconds()
                                + " s behind: what its node rotated twice meanwhile would be missing");
            }
        }
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

    /** What came of reading what there is now. */
    enum Rest {
        NOTHING,
        MORE,
        /** What was read before is not in what the node has now. */
        ELSEWHERE
    }

    /**
     * The last lines that the node has are the last that were read: mostly that is all to be done.
     */
    boolean isAtTheEnd(NodeLogs.Source source)
            throws IOException, StampedLines.NotALogException, InterruptedException {
        Position position = live.position();
        PieceBuilder after = new PieceBuilder();
        Resumption resumption = position == null ? null : Resumption.ofSome(position, after);
        try (InputStream in = node.open(source, new NodeLogs.Part.End(LAST_LINES))) {
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

    /** From where it was read to; with {@code lookedBefore} what cannot be found is a loss. */
    Rest rest(NodeLogs.Source source, boolean lookedBefore)
            throws IOException, StampedLines.NotALogException, InterruptedException {
        int me = live.newReader();
        long before = live.bytes();
        try (InputStream in = node.open(source, new NodeLogs.Part.Present(live.position()))) {
            Resumption resumption = resumption();
            LineSink sink = resumption == null ? live.sink() : resumption;
            pump(in, new StampedLines(sink), me, () -> {});
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
}
