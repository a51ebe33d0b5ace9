package io.windlass.job;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a pod. The first cause is kept: later back-off messages may have lost it.
 *
 * @param heard when events told it last, where only they tell what holds it back
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
        @Nullable String image,
        @Nullable Heard heard,
        int pulls,
        @Nullable Instant startedAt,
        @Nullable Integer exitCode,
        @Nullable String reason,
        @Nullable String message,
        boolean disrupted) {

    /** Its reason where its node did not know any more what became of it. */
    static final String LOST = "ContainerStatusUnknown";

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
        StartClassifier.Diagnosis found = StartClassifier.classify(pod).orElse(null);
        if (saysLess(pod, found) && waitClass != null && cause != null) {
            found = new StartClassifier.Diagnosis(waitClass, cause, true, image, 0);
        }
        Heard told =
                found != null && found.byEvents()
                        ? Heard.again(heard, found.waitClass(), found.told(), now)
                        : heard;
        boolean old = found != null && found.byEvents() && told != null && !told.isFresh(now);
        StartClassifier.Diagnosis diagnosis = old ? null : found;
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
                diagnosis == null ? null : same ? image : diagnosis.image(),
                told,
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

    /**
     * What held it back held it to the end: a pod that goes tells nothing new about it. Nor does a
     * watch that has not heard all, or a back-off that has lost its cause.
     */
    private boolean saysLess(PodSeen pod, StartClassifier.@Nullable Diagnosis found) {
        if (found != null) {
            boolean mayBeExpected =
                    found.waitClass() == WaitClass.UNSCHEDULABLE && !pod.told().all();
            return (!found.complete() && pullFailed())
                    || ((!found.complete() || mayBeExpected) && noNodeFits());
        }
        return pod.isGoing() || (knownByEvents() && !pod.told().all() && !pod.sandboxStands());
    }

    boolean knownByEvents() {
        return heard != null && heard.waitClass() == waitClass;
    }

    /** It waits, and it may be that the image's registry is in trouble. */
    public boolean waitsForItsImage() {
        return !over() && pullFailed();
    }

    private boolean pullFailed() {
        return waitClass == WaitClass.IMAGE_NOT_FOUND
                || waitClass == WaitClass.IMAGE_PULL_DENIED
                || waitClass == WaitClass.IMAGE_PULL_FAILED;
    }

    private boolean noNodeFits() {
        return waitClass == WaitClass.UNSCHEDULABLE || waitClass == WaitClass.NODE_EXPECTED;
    }

    boolean started() {
        return startedAt != null;
    }

    /** It waits for a reason that is known, and is not over. */
    Optional<WaitClass> waitsFor() {
        return over() ? Optional.empty() : Optional.ofNullable(waitClass);
    }

    boolean over() {
        return phase.equals("Succeeded") || phase.equals("Failed") || phase.equals(GONE);
    }

    boolean isGone() {
        return phase.equals(GONE);
    }

    /**
     * Nobody knows whether it ran: it went unseen, or its kubelet did not know any more. What was
     * last seen waiting for what it cannot start without has not run.
     */
    boolean fateUnknown() {
        boolean untold = isGone() && exitCode == null;
        return !started() && (untold || (waitClass == null && endedWithoutAWord()));
    }

    /** By its node, and nobody tells what became of its containers. */
    private boolean endedWithoutAWord() {
        return LOST.equals(reason)
                || (over() && node != null && reason != null && exitCode == null);
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
                image,
                heard,
                pulls,
                startedAt,
                exitCode,
                reason,
                message,
                disrupted);
    }
}
