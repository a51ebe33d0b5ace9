package io.windlass.gateway;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A container of a pod's spec with what is told of it; ephemeral ones are not of the job.
 *
 * @param ordinal in the pod's spec, init containers first
 */
record PodContainer(Container spec, int ordinal, boolean init, Optional<ContainerStatus> status) {

    static List<PodContainer> all(Pod pod) {
        if (pod.getSpec() == null) {
            return List.of();
        }
        PodStatus told = pod.getStatus() == null ? new PodStatus() : pod.getStatus();
        List<ContainerStatus> statuses =
                together(told.getInitContainerStatuses(), told.getContainerStatuses()).toList();
        List<Container> init = pod.getSpec().getInitContainers();
        int inits = init == null ? 0 : init.size();
        List<PodContainer> all = new ArrayList<>();
        for (Container spec : together(init, pod.getSpec().getContainers()).toList()) {
            Optional<ContainerStatus> status =
                    statuses.stream().filter(s -> spec.getName().equals(s.getName())).findFirst();
            all.add(new PodContainer(spec, all.size(), all.size() < inits, status));
        }
        return all;
    }

    private static <T> Stream<T> together(@Nullable List<T> first, @Nullable List<T> second) {
        return Stream.of(Optional.ofNullable(first), Optional.ofNullable(second))
                .flatMap(Optional::stream)
                .flatMap(List::stream);
    }
}
