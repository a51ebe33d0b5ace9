package io.windlass.job;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A job as a decision sees it: what never changes, where it stands, what is known of its pods. */
public record Job(
        JobId id,
        String cluster,
        String namespace,
        String name,
        String specHash,
        int maxRetries,
        int completions,
        @Nullable Duration startTimeout,
        Instant submittedAt,
        int version,
        Progress progress,
        @Nullable Claim claim,
        int takeovers,
        List<PodRecord> pods) {

    public JobState state() {
        return progress.state();
    }

    /** As it stands once the decision is written. */
    public Job after(Decision decision) {
        Map<String, PodRecord> known = new LinkedHashMap<>();
        pods.forEach(pod -> known.put(pod.uid(), pod));
        decision.changedPods().forEach(pod -> known.put(pod.uid(), pod));
        return with(
                decision.evidence() == null ? version : version + 1,
                decision.next(),
                List.copyOf(known.values()));
    }

    public Job withPods(List<PodRecord> known) {
        return with(version, progress, List.copyOf(known));
    }

    Job with(int newVersion, Progress newProgress, List<PodRecord> newPods) {
        return new Job(
                id,
                cluster,
                namespace,
                name,
                specHash,
                maxRetries,
                completions,
                startTimeout,
                submittedAt,
                newVersion,
                newProgress,
                claim,
                takeovers,
                newPods);
    }
}
