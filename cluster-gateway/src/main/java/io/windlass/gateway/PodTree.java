package io.windlass.gateway;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.util.LinkedHashMap;
import java.util.Map;
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
        tree.put("containers", PodContainer.all(pod).stream().map(PodTree::container).toList());
        return tree;
    }

    private static Map<String, @Nullable Object> container(PodContainer container) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("name", container.spec().getName());
        tree.put("init", container.init());
        tree.put("image", container.spec().getImage());
        container
                .status()
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
}
