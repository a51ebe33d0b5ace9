package io.windlass.gateway;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A pod as people ask for it: where it is, and how its containers are. */
final class PodTree {
    private PodTree() {}

    static Map<String, @Nullable Object> of(Pod pod) {
        PodStatus status = pod.getStatus() == null ? new PodStatus() : pod.getStatus();
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("name", pod.getMetadata().getName());
        tree.put("uid", pod.getMetadata().getUid());
        tree.put("phase", status.getPhase());
        tree.put("node", pod.getSpec().getNodeName());
        tree.put("reason", status.getReason());
        tree.put("message", status.getMessage());
        tree.put("deletionAt", pod.getMetadata().getDeletionTimestamp());
        List<Map<String, @Nullable Object>> containers = new ArrayList<>();
        List<ContainerStatus> statuses =
                Stream.of(status.getInitContainerStatuses(), status.getContainerStatuses())
                        .filter(Objects::nonNull)
                        .flatMap(List::stream)
                        .toList();
        for (Container container : orEmpty(pod.getSpec().getInitContainers())) {
            containers.add(container(container, true, statuses));
        }
        for (Container container : orEmpty(pod.getSpec().getContainers())) {
            containers.add(container(container, false, statuses));
        }
        tree.put("containers", containers);
        return tree;
    }

    private static Map<String, @Nullable Object> container(
            Container container, boolean init, List<ContainerStatus> statuses) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("name", container.getName());
        tree.put("init", init);
        tree.put("image", container.getImage());
        statuses.stream()
                .filter(status -> container.getName().equals(status.getName()))
                .findFirst()
                .ifPresent(status -> {
                    tree.put("restarts", status.getRestartCount());
                    tree.put("state", state(status.getState()));
                });
        return tree;
    }

    private static @Nullable Map<String, @Nullable Object> state(@Nullable ContainerState state) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        if (state == null) {
            return null;
        }
        if (state.getWaiting() != null) {
            tree.put("is", "waiting");
            tree.put("reason", state.getWaiting().getReason());
            tree.put("message", state.getWaiting().getMessage());
        } else if (state.getRunning() != null) {
            tree.put("is", "running");
            tree.put("startedAt", state.getRunning().getStartedAt());
        } else if (state.getTerminated() != null) {
            tree.put("is", "terminated");
            tree.put("exitCode", state.getTerminated().getExitCode());
            tree.put("reason", state.getTerminated().getReason());
            tree.put("message", state.getTerminated().getMessage());
            tree.put("startedAt", state.getTerminated().getStartedAt());
            tree.put("finishedAt", state.getTerminated().getFinishedAt());
        }
        return tree.isEmpty() ? null : tree;
    }

    private static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }
}
