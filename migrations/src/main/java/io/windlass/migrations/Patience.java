package io.windlass.migrations;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks every second, says what is still missing, and gives up with that. */
record Patience(Duration most) {
    private static final Logger LOG = LoggerFactory.getLogger(Patience.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** {@code missing} says what is not there yet, or nothing when all is. */
    void until(String what, Supplier<Optional<String>> missing) throws InterruptedException {
        long end = System.nanoTime() + most.toNanos();
        String said = "";
        while (true) {
            Optional<String> still = missing.get();
            if (still.isEmpty()) {
                LOG.info("{} is there", what);
                return;
            }
            if (System.nanoTime() - end >= 0) {
                throw new IllegalStateException(
                        "waited %s for %s: %s".formatted(most, what, still.get()));
            }
            if (!still.get().equals(said)) {
                said = still.get();
                LOG.info("waiting for {}: {}", what, said);
            }
            Thread.sleep(PAUSE);
        }
    }
}
