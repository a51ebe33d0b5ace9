package io.windlass.gateway;

import io.windlass.service.Pulled;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Pieces of a log for one reader, each after its length; a length of zero says that there is
 * nothing new. It ends where the log does, where this gateway lets go of it, and where the reader
 * has fallen behind what is kept here: then the rest is stored.
 */
final class LiveFrames implements Pulled.Source<byte[]> {
    private static final Duration HEARTBEAT = Duration.ofSeconds(5);
    private static final int MOST = 64 << 10;
    private static final byte[] NOTHING_NEW = new byte[Integer.BYTES];

    private final LiveLog log;
    private final boolean follow;
    private long offset;

    LiveFrames(LiveLog log, long offset, boolean follow) {
        this.log = log;
        this.offset = offset;
        this.follow = follow;
    }

    @Override
    public byte @Nullable [] next() throws InterruptedException {
        return switch (log.read(offset, MOST, follow ? HEARTBEAT : Duration.ZERO)) {
            case LiveLog.Read.Some some -> {
                offset = some.piece().to();
                byte[] encoded = some.piece().encoded();
                yield ByteBuffer.allocate(Integer.BYTES + encoded.length)
                        .putInt(encoded.length)
                        .put(encoded)
                        .array();
            }
            case LiveLog.Read.Nothing _ -> follow ? NOTHING_NEW : null;
            case LiveLog.Read.Behind _, LiveLog.Read.End _ -> null;
        };
    }

    @Override
    public void close() {
        // it holds nothing
    }
}
