package io.windlass.web;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.server.netty.NettyHttpRequest;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.windlass.service.ByteBudget;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Answers that hold their share of memory until their clients have read them, or are cut off. */
@Singleton
final class LongAnswers {
    /** What the sockets take at once of any answer. */
    private static final int SHORT = 64 * 1024;

    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ScheduledThreadPoolExecutor timer =
            new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().daemon().name("windlass-answers").factory());

    /** Whoever calls this does not close the share any more. */
    HttpResponse<?> of(HttpRequest<?> request, byte[] text, ByteBudget.Share share) {
        if (text.length > SHORT && request instanceof NettyHttpRequest<?> netty) {
            share.keep(text.length);
            lookAgain(new Unread(netty.getChannelHandlerContext().channel(), share));
        } else {
            share.close();
        }
        return HttpResponse.ok(text).contentType(MediaType.APPLICATION_JSON_TYPE);
    }

    private void lookAgain(Unread answer) {
        var _ =
                timer.schedule(
                        () -> {
                            if (answer.waits()) {
                                lookAgain(answer);
                            }
                        },
                        LOOK.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    /** An answer on its way. */
    private static final class Unread {
        private final Channel channel;
        private final ByteBudget.Share share;
        private long left = Long.MAX_VALUE;
        private long movedAt = System.nanoTime();

        Unread(Channel channel, ByteBudget.Share share) {
            this.channel = channel;
            this.share = share;
        }

        /** False once nothing of it is kept any more. */
        boolean waits() {
            ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
            long now = buffer == null ? 0 : buffer.totalPendingWriteBytes();
            if (now < left) {
                left = now;
                movedAt = System.nanoTime();
            }
            if (System.nanoTime() - movedAt > PATIENCE.toNanos()) {
                var _ = channel.close();
                now = 0;
            }
            if (now == 0) {
                share.close();
            }
            return now > 0;
        }
    }

    @PreDestroy
    void stop() {
        timer.shutdownNow();
    }
}
