package io.windlass.web;

import io.windlass.service.Pulled;
import io.windlass.store.LogShelf;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A log for one reader; where it has not begun, once it does. */
final class LogStream implements Pulled.Source<byte[]> {
    private static final Duration LOOK = Duration.ofMillis(500);

    /** Tells which log it is; empty where it may still come. */
    interface Beginning {
        Optional<LogShelf.StoredLog> look();

        /** It will not come. */
        boolean never();
    }

    private final LogPieces pieces;
    private final LogWish wish;
    private final Beginning beginning;
    private final LogFormat format;
    private final Runnable whenClosed;
    private @Nullable LogSource source;
    private volatile boolean left;
    private boolean ended;

    LogStream(
            LogPieces pieces,
            LogWish wish,
            Beginning beginning,
            Optional<LogSource> begun,
            LogFormat format,
            Runnable whenClosed) {
        this.pieces = pieces;
        this.wish = wish;
        this.beginning = beginning;
        this.source = begun.orElse(null);
        this.format = format;
        this.whenClosed = whenClosed;
    }

    @Override
    public byte @Nullable [] next() throws InterruptedException {
        LogSource from = source == null ? begun() : source;
        while (from != null && !ended && !left) {
            byte[] bytes =
                    switch (from.next()) {
                        case LogSource.Part.Some some -> format.of(some.piece());
                        case LogSource.Part.Missing missing -> format.of(missing);
                        case LogSource.Part.End end -> {
                            ended = true;
                            yield format.of(end);
                        }
                    };
            if (bytes == null) {
                ended = true;
            } else if (bytes.length > 0) {
                return bytes;
            }
        }
        return null;
    }

    private @Nullable LogSource begun() throws InterruptedException {
        while (!left) {
            boolean never = beginning.never();
            Optional<LogShelf.StoredLog> log = beginning.look();
            if (log.isPresent()) {
                LogSource made =
                        new LogSource(
                                pieces,
                                log.get(),
                                LogStart.of(wish, log.get(), pieces),
                                wish.follow());
                source = made;
                return made;
            }
            if (never) {
                return null;
            }
            Thread.sleep(LOOK);
        }
        return null;
    }

    @Override
    public void leave() {
        left = true;
        LogSource from = source;
        if (from != null) {
            from.leave();
        }
    }

    @Override
    public void close() {
        LogSource from = source;
        if (from != null) {
            from.close();
        }
        whenClosed.run();
    }
}
