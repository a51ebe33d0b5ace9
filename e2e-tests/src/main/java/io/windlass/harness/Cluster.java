package io.windlass.harness;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/** The cluster, seen by itself and not through Windlass; with a namespace of this test's own. */
public record Cluster(KubernetesClient client, String namespace) implements AutoCloseable {
    public static Cluster of(Path kubeconfig) {
        KubernetesClient client =
                new KubernetesClientBuilder()
                        .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
                        .build();
        String name = "e2e-" + UUID.randomUUID().toString().substring(0, 8);
        Cluster cluster = new Cluster(client, name);
        cluster.makeNamespace(name);
        return cluster;
    }

    /** It goes with this one's own if its name begins so. */
    public void makeNamespace(String name) {
        client.namespaces()
                .resource(
                        new NamespaceBuilder()
                                .withNewMetadata()
                                .withName(name)
                                .endMetadata()
                                .build())
                .create();
    }

    public List<Job> jobs(String installation) {
        return client.batch()
                .v1()
                .jobs()
                .inAnyNamespace()
                .withLabel("windlass.io/installation", installation)
                .list()
                .getItems();
    }

    public int pods(String installation) {
        return client.pods()
                .inAnyNamespace()
                .withLabel("windlass.io/installation", installation)
                .list()
                .getItems()
                .size();
    }

    @Override
    public void close() {
        client.namespaces().list().getItems().stream()
                .filter(n -> n.getMetadata().getName().startsWith(namespace))
                .forEach(n -> client.resource(n).delete());
        client.close();
    }
}
