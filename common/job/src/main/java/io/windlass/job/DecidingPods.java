package io.windlass.job;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Of what is known of a job's pods, that without which something else may be decided. A job may
 * have a thousand pods that are over: those that are alike in all that is asked of them count as
 * one.
 */
public final class DecidingPods {
    private DecidingPods() {}

    /** All that a decision asks of a pod that is over, but its name and its texts. */
    private record Kind(
            String phase,
            boolean started,
            boolean waited,
            boolean onANode,
            @Nullable Boolean lost,
            @Nullable Boolean succeeded,
            boolean disrupted) {
        static Kind of(PodRecord pod) {
            return new Kind(
                    pod.phase(),
                    pod.started(),
                    pod.waitClass() != null,
                    pod.node() != null,
                    pod.reason() == null ? null : PodRecord.LOST.equals(pod.reason()),
                    pod.exitCode() == null ? null : pod.exitCode() == 0,
                    pod.disrupted());
        }
    }

    /**
     * Those that are not over, those of these uids, and of each kind of the others the one that was
     * told of last.
     */
    public static List<PodRecord> of(Collection<PodRecord> pods, Set<String> uids) {
        Map<Kind, PodRecord> last = new HashMap<>();
        for (PodRecord pod : pods) {
            if (pod.over() && !uids.contains(pod.uid())) {
                last.merge(Kind.of(pod), pod, (a, b) -> b.guard() > a.guard() ? b : a);
            }
        }
        Set<PodRecord> ofTheirKinds = new HashSet<>(last.values());
        return pods.stream()
                .filter(pod ->
                        !pod.over() || uids.contains(pod.uid()) || ofTheirKinds.contains(pod))
                .toList();
    }
}
