package io.windlass.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a pod. The first cause is kept: later back-off messages may have lost it.
 */
public record PodRecord(
        String uid,
        int attempt,
        String name,
        long guard,
        String phase,
        @Nullable String node,
        @Nullable WaitClass waitClass,
        @Nullable String cause,
        @Nullable Instant classSince,
        int pulls,
        @Nullable Instant startedAt,
        @Nullable Integer exitCode,
        @Nullable String reason,
        @Nullable String message,
        boolean disrupted) {

    private static final String GONE = "Gone";

    static PodRecord first(PodSeen pod) {
        return new PodRecord(
                pod.uid(),
                pod.attempt(),
                pod.name(),
                0,
                "",
                null,
                null,
                null,
                null,
                0,
                null,
                null,
                null,
                null,
                false);
    }

    /** What the pod shows now, on top of what was known. */
    PodRecord seen(PodSeen pod, Instant now) {
        StartClassifier.Diagnosis diagnosis = StartClassifier.classify(pod).orElse(null);
        // what held it back held it to the end: a pod that goes tells nothing new about it
        boolean saysLess =
                diagnosis == null ? pod.isGoing() : !diagnosis.complete() && pullFailed();
        if (saysLess && waitClass != null && cause != null) {
            diagnosis = new StartClassifier.Diagnosis(waitClass, cause, true);
        }
        boolean same = diagnosis != null && diagnosis.waitClass() == waitClass;
        PodSeen.Ended end = pod.end().orElse(null);
        boolean podSaysWhy = end == null && pod.over() && !pod.reason().isEmpty();
        return new PodRecord(
                uid,
                attempt,
                name,
                pod.guard(),
                pod.phase(),
                pod.node() == null ? node : pod.node(),
                diagnosis == null ? null : diagnosis.waitClass(),
                diagnosis == null ? null : same ? cause : diagnosis.cause(),
                diagnosis == null ? null : same ? classSince : now,
                Math.max(pulls, pod.pulls()),
                startedAt == null ? pod.startedAt().orElse(null) : startedAt,
                end == null ? exitCode : Integer.valueOf(end.exitCode()),
                end != null
                        ? end.reason()
                        : podSaysWhy ? BoundedText.of(pod.reason(), 200) : reason,
                end != null
                        ? BoundedText.of(end.message())
                        : podSaysWhy ? BoundedText.of(pod.message()) : message,
                disrupted || pod.disrupted());
    }

    private boolean pullFailed() {
        return waitClass == WaitClass.IMAGE_NOT_FOUND
                || waitClass == WaitClass.IMAGE_PULL_DENIED
                || waitClass == WaitClass.IMAGE_PULL_FAILED;
    }

    boolean started() {
        return startedAt != null;
    }

    boolean over() {
        return phase.equals("Succeeded") || phase.equals("Failed") || phase.equals(GONE);
    }

    boolean isGone() {
        return phase.equals(GONE);
    }

    /** It went unseen: nobody knows whether it ran before. */
    boolean fateUnknown() {
        return isGone() && !started() && exitCode == null;
    }

    /** A live look did not find it any more. */
    PodRecord gone() {
        return with(guard, GONE);
    }

    boolean sameButForGuard(PodRecord other) {
        return with(0, phase).equals(other.with(0, other.phase));
    }

    private PodRecord with(long newGuard, String newPhase) {
        return new PodRecord(
                uid,
                attempt,
                name,
                newGuard,
                newPhase,
                node,
                waitClass,
                cause,
                classSince,
                pulls,
                startedAt,
                exitCode,
                reason,
                message,
                disrupted);
    }
}
