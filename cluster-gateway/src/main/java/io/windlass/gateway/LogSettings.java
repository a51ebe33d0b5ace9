package io.windlass.gateway;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import io.micronaut.core.convert.format.ReadableBytes;
import io.windlass.log.Kept;
import java.time.Duration;

/**
 * How much of logs is kept, and for how long.
 *
 * @param keepHead the most of the beginning of one container's log
 * @param keepTail about the most of its end; what lies between is left out and marked
 * @param keepFor how long after its end; the receipt stays as long as the job
 * @param keepStored the most of all logs together, as stored; beyond it the oldest go
 * @param piece how much is stored at once
 * @param delay the longest that anything waits to be stored
 * @param giveUp how long after a container's end its log is asked for where its node does not give
 *     it
 */
@ConfigurationProperties("windlass.logs")
public record LogSettings(
        @ReadableBytes @Bindable(defaultValue = "4MB") long keepHead,
        @ReadableBytes @Bindable(defaultValue = "12MB") long keepTail,
        @Bindable(defaultValue = "30d") Duration keepFor,
        @ReadableBytes @Bindable(defaultValue = "20GB") long keepStored,
        @ReadableBytes @Bindable(defaultValue = "128KB") int piece,
        @Bindable(defaultValue = "1s") Duration delay,
        @Bindable(defaultValue = "2m") Duration giveUp) {

    public LogSettings {
        if (piece < 1024 || piece > 8 << 20) {
            throw new IllegalArgumentException("windlass.logs.piece is from 1KB to 8MB");
        }
        if (keepTail < piece || keepHead < 0 || keepStored < 0) {
            throw new IllegalArgumentException(
                    "windlass.logs.keep-tail is at least windlass.logs.piece, and none of the others negative");
        }
    }

    Kept.Bounds bounds() {
        return new Kept.Bounds(keepHead, keepTail);
    }
}
