package io.windlass.harness;

import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;

/** What a kubelet would say of a pod, said by a test to a real API server. */
public final class Told {
    private Told() {}

    /** One container, and why it waits. */
    public static PodStatus waiting(String reason, String message) {
        return new PodStatusBuilder()
                .withPhase("Pending")
                .withContainerStatuses(
                        new ContainerStatusBuilder()
                                .withName("main")
                                .withImage("busybox:1.36")
                                .withImageID("")
                                .withReady(false)
                                .withRestartCount(0)
                                .withState(
                                        new ContainerStateBuilder()
                                                .withNewWaiting()
                                                .withReason(reason)
                                                .withMessage(message)
                                                .endWaiting()
                                                .build())
                                .build())
                .build();
    }

    public static void show(KubernetesClient client, Pod pod, PodStatus status) {
        Edits.retried(() ->
                client.pods()
                        .inNamespace(pod.getMetadata().getNamespace())
                        .withName(pod.getMetadata().getName())
                        .editStatus(live -> {
                            live.setStatus(status);
                            return live;
                        }));
    }
}
