package io.windlass.store;

import io.windlass.job.JobId;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Stores jobs: the row, its state, its first event and its idempotency key, or none of them. */
public interface Submissions {
    static Submissions on(Database database) {
        return new PostgresSubmissions(database);
    }

    /** What became of one of them. */
    sealed interface Outcome {
        record Stored(JobId id, Instant at) implements Outcome {}

        record SameAsBefore(JobId id) implements Outcome {}

        record KeyUsedOtherwise(JobId id) implements Outcome {}
    }

    /** All in one transaction; outcomes in the order of the jobs. */
    List<Outcome> store(List<NewJob> jobs);

    /** After a commit whose outcome nobody knows. */
    Optional<Instant> storedAt(JobId id);

    /** Those of them that are there. */
    default Map<JobId, Instant> storedAt(Collection<JobId> ids) {
        Map<JobId, Instant> found = new HashMap<>();
        ids.forEach(id -> storedAt(id).ifPresent(at -> found.put(id, at)));
        return found;
    }
}
