package io.windlass.job;

import java.time.Instant;
import java.util.UUID;

/** The right to POST the Job, held by one creator until an instant of the database's clock. */
public record Claim(UUID token, Instant until) {
    public boolean activeAt(Instant now) {
        return until.isAfter(now);
    }
}
