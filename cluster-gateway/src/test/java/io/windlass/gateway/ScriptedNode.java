package io.windlass.gateway;

import io.windlass.log.Position;
import io.windlass.testing.KubeletFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

/**
 * A node as it behaves on a bad day: what is followed breaks off anywhere, with an error or as if
 * it were at its end; files are rotated; the pod goes.
 */
final class ScriptedNode implements NodeLogs {
    private final Random random;
    private final KubeletFile file = new KubeletFile();
    private final CountDownLatch never = new CountDownLatch(1);
    private long nanos = 1_790_000_000_000_000_000L;
    private int lines;
    private boolean ended;
    private boolean gone;
    private boolean hangs;
    private boolean refuses;
    private boolean none;
    private int opened;

    ScriptedNode(long seed) {
        random = new Random(seed);
    }

    synchronized String write(int count) {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < count; i++) {
            nanos += random.nextInt(3) == 0 ? 0 : random.nextLong(500_000_000L);
            String text = "line " + lines++ + " " + "x".repeat(random.nextInt(80)) + "\n";
            file.write(nanos, text);
            all.append(text);
        }
        return all.toString();
    }

    /** For what is written to the nanosecond. */
    synchronized KubeletFile file() {
        return file;
    }

    /** Only so many lines are still there. */
    synchronized void rotate(int left) {
        file.rotate(left);
    }

    synchronized void end() {
        ended = true;
    }

    synchronized void podGoes() {
        gone = true;
    }

    /** Whoever follows hears nothing any more, not even the end. */
    synchronized void hang() {
        hangs = true;
    }

    /** It answers, and gives nothing; for good where that is known of it. */
    synchronized void refuse(boolean known) {
        refuses = true;
        none = known;
    }

    /** It can be read after all. */
    synchronized void give() {
        refuses = false;
        none = false;
    }

    @Override
    public synchronized boolean givesNone() {
        return none;
    }

    synchronized int opened() {
        return opened;
    }

    @Override
    public InputStream open(Source source, Part part) throws IOException {
        byte[] sent;
        boolean whole;
        boolean breaks;
        synchronized (this) {
            opened++;
            if (gone) {
                throw new GoneException("pods \"" + source.pod() + "\" not found");
            }
            if (refuses) {
                RefusedException refused = new RefusedException(500, "tls: internal error");
                throw none ? new NoneException("node n gives no logs: 500", refused) : refused;
            }
            sent =
                    switch (part) {
                        case Part.Following following -> since(following.after());
                        case Part.Present present -> since(present.after());
                        case Part.End end -> file.tail(end.lines());
                    };
            whole = !(part instanceof Part.Following) || (ended && random.nextBoolean());
            breaks = random.nextBoolean();
            if (hangs && part instanceof Part.Following) {
                return new SequenceInputStream(new ByteArrayInputStream(sent), new Silent());
            }
        }
        if (whole) {
            return new ByteArrayInputStream(sent);
        }
        byte[] cut = Arrays.copyOf(sent, random.nextInt(sent.length + 1));
        return breaks
                ? new SequenceInputStream(new ByteArrayInputStream(cut), new Broken())
                : new ByteArrayInputStream(cut);
    }

    private byte[] since(Position after) {
        return after == null ? file.sent() : file.since(after.sinceSeconds());
    }

    private static final class Broken extends InputStream {
        @Override
        public int read() throws IOException {
            throw new IOException("broken off");
        }
    }

    private final class Silent extends InputStream {
        @Override
        public int read() throws IOException {
            try {
                never.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return -1;
        }
    }
}
