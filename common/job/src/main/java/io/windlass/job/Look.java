package io.windlass.job;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a live read of the cluster showed of one job. No job means that a GET answered 404. */
public record Look(@Nullable JobSeen job, List<PodSeen> pods) {
    public static final Look NOTHING = new Look(null, List.of());
}
