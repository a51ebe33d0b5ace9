package io.windlass.web;

import io.windlass.service.ByteBudget;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/**
 * Takes bodies in: bytes are counted as they arrive, and given back where the rest does not come. A
 * call takes its body before it may refuse anything: nobody drops one that has been asked for and
 * is not read, and then who sends it never hears the refusal.
 */
@Singleton
final class Arrivals {
    private static final int CHUNK = 16 * 1024;

    private final ByteBudget budget;
    private final Duration patience;
    private final ScheduledThreadPoolExecutor timer =
            new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().daemon().name("windlass-arrivals").factory());

    @Inject
    Arrivals(ByteBudget budget, ApiSettings settings) {
        this(budget, settings.bodyPatience());
    }

    Arrivals(ByteBudget budget, Duration patience) {
        this.budget = budget;
        this.patience = patience;
        timer.setRemoveOnCancelPolicy(true);
    }

    ByteBudget.Share open() {
        return budget.open();
    }

    LineDeadline ofEachLine() {
        return new LineDeadline(patience, timer);
    }

    /** Whole, or not at all. */
    Received receive(@Nullable InputStream body, int most) {
        ByteBudget.Share share = budget.open();
        try {
            return new Received(share, body == null ? new byte[0] : read(body, most, share), most);
        } catch (RuntimeException e) {
            share.close();
            throw e;
        }
    }

    private byte[] read(InputStream body, int most, ByteBudget.Share share) {
        try (body;
                LineDeadline deadline = ofEachLine()) {
            byte[] text = new byte[0];
            IOException broken = null;
            deadline.begin();
            try {
                text = counted(body, most, share);
            } catch (IOException e) {
                broken = e;
            } finally {
                deadline.end();
            }
            if (deadline.passed()) {
                throw deadline.problem();
            }
            if (broken != null) {
                throw broken;
            }
            return text;
        } catch (IOException e) {
            throw new ProblemException(Problem.MALFORMED, "the body broke off");
        }
    }

    private static byte[] counted(InputStream body, int most, ByteBudget.Share share)
            throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        byte[] chunk = new byte[CHUNK];
        int count = body.read(chunk);
        while (count >= 0) {
            if (text.size() + count > most) {
                throw new ProblemException(
                        Problem.TOO_LARGE, "the body has more than " + most + " bytes");
            }
            // it is copied as it grows
            share.take(2L * count);
            text.write(chunk, 0, count);
            count = body.read(chunk);
        }
        byte[] whole = text.toByteArray();
        share.keep(whole.length);
        return whole;
    }

    @PreDestroy
    void stop() {
        timer.shutdownNow();
    }
}
