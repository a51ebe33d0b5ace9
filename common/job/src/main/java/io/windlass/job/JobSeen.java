package io.windlass.job;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A Kubernetes Job as seen at one moment. {@code guard} orders what was seen of the same uid. */
public record JobSeen(
        String namespace,
        String name,
        String uid,
        long guard,
        @Nullable Owner owner,
        @Nullable Instant deletionAt,
        List<Condition> conditions) {

    private static final Set<String> DECISIVE =
            Set.of("Complete", "Failed", "FailureTarget", "Suspended");

    /** What the labels and annotations claim; null where they are not ours or not whole. */
    public record Owner(String installation, String jobId, int attempt, String specHash) {}

    public record Condition(
            String type, boolean isTrue, String reason, String message, @Nullable Instant at) {}

    public Optional<Condition> condition(String type) {
        return conditions.stream().filter(c -> c.isTrue() && c.type().equals(type)).findFirst();
    }

    public boolean finished() {
        return condition("Complete").isPresent() || condition("Failed").isPresent();
    }

    /** Those conditions that a decision may rest on; others announce them. */
    public List<Condition> decisive() {
        return conditions.stream().filter(c -> DECISIVE.contains(c.type())).toList();
    }

    boolean suspended() {
        return condition("Suspended").isPresent();
    }

    /** A condition that stood before its pods were deleted: an exit 0 on SIGTERM is no success. */
    boolean stoodBeforeDeletion(Condition condition) {
        // a Job that had ended is not suspended any more: then the pods were deleted first
        return !suspended()
                && (deletionAt == null
                        || (condition.at() != null && condition.at().isBefore(deletionAt)));
    }
}
