package io.windlass.job;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a live read of the cluster showed of one job. No job means that a GET answered 404.
 *
 * @param whole false where only the objects were read: their events, which tell more, were not
 * @param events of the Job itself, newest first; read only where it has no pod that lives
 * @param quotas by name what those quotas allow now that the events speak of; nothing where there
 *     is none of the name any more
 * @param version of the cluster when its pods were listed: of what is younger it says nothing
 */
public record Look(
        @Nullable JobSeen job,
        List<PodSeen> pods,
        boolean whole,
        List<EventSeen> events,
        Map<String, Map<String, String>> quotas,
        long version) {
    public static final Look NOTHING = new Look(null, List.of());

    /** By a list of all: it may be old by the time it is read. */
    public static Look listed(JobSeen job, List<PodSeen> pods, long version) {
        return new Look(job, pods, false, List.of(), Map.of(), version);
    }

    /** Of which nothing is younger. */
    public Look(@Nullable JobSeen job, List<PodSeen> pods) {
        this(job, pods, true, List.of(), Map.of(), Long.MAX_VALUE);
    }
}
