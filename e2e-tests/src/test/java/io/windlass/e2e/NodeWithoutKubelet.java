package io.windlass.e2e;

import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.windlass.harness.Api;
import io.windlass.harness.Cluster;
import io.windlass.harness.Edits;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** A node that no kubelet serves: the test says of its pods what a kubelet would. */
record NodeWithoutKubelet(Cluster cluster, String name) implements AutoCloseable {
    private static final String LABEL = "windlass-e2e";

    static NodeWithoutKubelet in(Cluster cluster) {
        String name = "no-kubelet-" + cluster.namespace();
        cluster.client()
                .nodes()
                .resource(
                        new NodeBuilder()
                                .withNewMetadata()
                                .withName(name)
                                .addToLabels(LABEL, name)
                                .endMetadata()
                                .build())
                .create();
        Map<String, Quantity> room =
                Map.of(
                        "cpu", new Quantity("4"),
                        "memory", new Quantity("4Gi"),
                        "pods", new Quantity("10"));
        Edits.retried(() ->
                cluster.client()
                        .nodes()
                        .withName(name)
                        .editStatus(n ->
                                n.edit()
                                        .editOrNewStatus()
                                        .withCapacity(room)
                                        .withAllocatable(room)
                                        .endStatus()
                                        .build()));
        return new NodeWithoutKubelet(cluster, name);
    }

    /** Only this node takes its pods. */
    Map<String, Object> takes(Map<String, Object> job) {
        return Api.with(
                Api.with(job, "nodeSelector", Map.of(LABEL, name)),
                "tolerations",
                List.of(Map.of("operator", "Exists")));
    }

    Pod awaitPodOf(String jobId) {
        return Awaitility.await("its pod has a node")
                .atMost(Pipeline.SOON)
                .until(
                        () ->
                                cluster
                                        .client()
                                        .pods()
                                        .inNamespace(cluster.namespace())
                                        .withLabel("windlass.io/job-id", jobId)
                                        .list()
                                        .getItems()
                                        .stream()
                                        .filter(p -> p.getSpec().getNodeName() != null)
                                        .findFirst()
                                        .orElse(null),
                        pod -> pod != null);
    }

    @Override
    public void close() {
        cluster.client().nodes().withName(name).delete();
    }
}
