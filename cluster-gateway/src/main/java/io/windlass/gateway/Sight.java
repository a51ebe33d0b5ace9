package io.windlass.gateway;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.windlass.cluster.SeenReader;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a pod tells of one of its containers.
 *
 * @param ordinal in the pod's spec, init containers first
 * @param runs how often it was started again
 * @param started the present run, or one before it
 * @param startedAt when the present run began, where that is known
 * @param ended the present run
 * @param mayRunAgain it is started again whenever it ends
 */
record Sight(
        String container,
        int ordinal,
        boolean init,
        int runs,
        boolean started,
        @Nullable Instant startedAt,
        boolean ended,
        boolean mayRunAgain) {

    /** Of all its containers. */
    static List<Sight> of(Pod pod) {
        if (pod.getSpec() == null || pod.getStatus() == null) {
            return List.of();
        }
        boolean podAlways = !"Never".equals(pod.getSpec().getRestartPolicy());
        return PodContainer.all(pod).stream().map(c -> sight(c, podAlways)).toList();
    }

    private static Sight sight(PodContainer container, boolean podAlways) {
        Optional<ContainerStatus> status = container.status();
        Container spec = container.spec();
        ContainerState now = status.map(ContainerStatus::getState).orElseGet(ContainerState::new);
        ContainerState last =
                status.map(ContainerStatus::getLastState).orElseGet(ContainerState::new);
        boolean ranBefore =
                last.getTerminated() != null && ran(last.getTerminated().getStartedAt());
        boolean running = now.getRunning() != null;
        boolean ended = now.getTerminated() != null && ran(now.getTerminated().getStartedAt());
        Instant startedAt =
                running
                        ? SeenReader.instant(now.getRunning().getStartedAt())
                        : ended ? SeenReader.instant(now.getTerminated().getStartedAt()) : null;
        int restarts = status.map(ContainerStatus::getRestartCount).map(Math::toIntExact).orElse(0);
        // while it waits to run again, the last run is the one before
        boolean between = !running && !ended && ranBefore;
        return new Sight(
                spec.getName(),
                container.ordinal(),
                container.init(),
                between ? Math.max(0, restarts - 1) : restarts,
                running || ended || ranBefore,
                startedAt,
                ended || between,
                "Always".equals(spec.getRestartPolicy())
                        || (podAlways && spec.getRestartPolicy() == null));
    }

    /** A container that could not be started has ended too, at no time. */
    private static boolean ran(@Nullable String startedAt) {
        Instant at = SeenReader.instant(startedAt);
        return at != null && at.isAfter(Instant.EPOCH);
    }
}
