package io.windlass.gateway;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
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

    /** Of all its containers; ephemeral ones are not of the job. */
    static List<Sight> of(Pod pod) {
        if (pod.getSpec() == null || pod.getStatus() == null) {
            return List.of();
        }
        boolean podAlways = !"Never".equals(pod.getSpec().getRestartPolicy());
        List<ContainerStatus> statuses =
                Stream.of(
                                pod.getStatus().getInitContainerStatuses(),
                                pod.getStatus().getContainerStatuses())
                        .filter(Objects::nonNull)
                        .flatMap(List::stream)
                        .toList();
        List<Sight> all = new ArrayList<>();
        for (Container container : orEmpty(pod.getSpec().getInitContainers())) {
            all.add(sight(container, all.size(), true, statuses, podAlways));
        }
        for (Container container : orEmpty(pod.getSpec().getContainers())) {
            all.add(sight(container, all.size(), false, statuses, podAlways));
        }
        return all;
    }

    private static Sight sight(
            Container container,
            int ordinal,
            boolean init,
            List<ContainerStatus> statuses,
            boolean podAlways) {
        Optional<ContainerStatus> status =
                statuses.stream().filter(s -> container.getName().equals(s.getName())).findFirst();
        ContainerState now = status.map(ContainerStatus::getState).orElseGet(ContainerState::new);
        ContainerState last =
                status.map(ContainerStatus::getLastState).orElseGet(ContainerState::new);
        boolean ranBefore =
                last.getTerminated() != null && ran(last.getTerminated().getStartedAt());
        boolean running = now.getRunning() != null;
        boolean ended = now.getTerminated() != null && ran(now.getTerminated().getStartedAt());
        Instant startedAt =
                running
                        ? instant(now.getRunning().getStartedAt())
                        : ended ? instant(now.getTerminated().getStartedAt()) : null;
        int restarts = status.map(ContainerStatus::getRestartCount).map(Math::toIntExact).orElse(0);
        // while it waits to run again, the last run is the one before
        boolean between = !running && !ended && ranBefore;
        return new Sight(
                container.getName(),
                ordinal,
                init,
                between ? Math.max(0, restarts - 1) : restarts,
                running || ended || ranBefore,
                startedAt,
                ended || between,
                "Always".equals(container.getRestartPolicy())
                        || (podAlways && container.getRestartPolicy() == null));
    }

    /** A container that could not be started has ended too, at no time. */
    private static boolean ran(@Nullable String startedAt) {
        Instant at = instant(startedAt);
        return at != null && at.isAfter(Instant.EPOCH);
    }

    private static @Nullable Instant instant(@Nullable String time) {
        try {
            return time == null ? null : OffsetDateTime.parse(time).toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }
}
