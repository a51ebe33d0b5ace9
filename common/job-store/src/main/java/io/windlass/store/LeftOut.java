package io.windlass.store;

import io.windlass.job.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Jobs that are not tried again for a minute, then for twice as long each time, up to an hour. In
 * memory, for rows that nothing can be written into: after a restart each is tried once more.
 */
final class LeftOut {
    private static final Duration FIRST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final int DOUBLINGS = 6;
    private static final int REMEMBERED = 1_000;

    private record Rest(int tries, Instant until) {}

    private final Map<JobId, Rest> rests =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<JobId, Rest> eldest) {
                    return size() > REMEMBERED;
                }
            };

    synchronized void add(JobId id, Instant now) {
        Rest before = rests.remove(id);
        int tries = before == null ? 0 : before.tries();
        Duration rest = FIRST.multipliedBy(1L << Math.min(tries, DOUBLINGS));
        rests.put(id, new Rest(tries + 1, now.plus(rest.compareTo(LONGEST) < 0 ? rest : LONGEST)));
    }

    synchronized List<JobId> at(Instant now) {
        return rests.entrySet().stream()
                .filter(entry -> entry.getValue().until().isAfter(now))
                .map(Map.Entry::getKey)
                .toList();
    }
}
