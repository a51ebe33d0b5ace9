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
 */
public record Look(
        @Nullable JobSeen job,
        List<PodSeen> pods,
        boolean whole,
        List<EventSeen> events,
        Map<String, Map<String, String>> quotas) {
    public static final Look NOTHING = new Look(null, List.of());

    /** By a list of all. */
    public static Look listed(JobSeen job, List<PodSeen> pods) {
        return new Look(job, pods, false, List.of(), Map.of());
    }

    public Look(@Nullable JobSeen job, List<PodSeen> pods) {
        this(job, pods, true, List.of(), Map.of());
    }
}
