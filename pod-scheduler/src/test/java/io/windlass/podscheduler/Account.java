package io.windlass.podscheduler;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.SubjectBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;

/**
 * What a pod of it is given: an account with the rights of the manifest, its token, the address.
 * Nobody who may do everything: the API server has such people wait for nobody.
 */
public final class Account implements AutoCloseable {
    private static final String NAME = "pod-scheduler";

    private final Fleet fleet;
    private final Path folder;

    public Account(Fleet fleet) throws IOException {
        this.fleet = fleet;
        folder = Files.createTempDirectory("account");
        try {
            create();
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private void create() throws IOException {
        fleet.client
                .resource(
                        new ServiceAccountBuilder()
                                .withNewMetadata()
                                .withNamespace(fleet.name)
                                .withName(NAME)
                                .endMetadata()
                                .build())
                .create();
        fleet.client
                .resource(
                        new ClusterRoleBuilder(ofTheManifest())
                                .editMetadata()
                                .withName(fleet.name)
                                .endMetadata()
                                .build())
                .create();
        fleet.client
                .resource(
                        new ClusterRoleBindingBuilder()
                                .withNewMetadata()
                                .withName(fleet.name)
                                .endMetadata()
                                .withNewRoleRef(
                                        "rbac.authorization.k8s.io", "ClusterRole", fleet.name)
                                .withSubjects(
                                        new SubjectBuilder()
                                                .withKind("ServiceAccount")
                                                .withName(NAME)
                                                .withNamespace(fleet.name)
                                                .build())
                                .build())
                .create();
        Files.writeString(folder.resolve("token"), token());
        Files.writeString(folder.resolve("namespace"), fleet.name);
        Files.write(
                folder.resolve("ca.crt"),
                Base64.getDecoder().decode(fleet.client.getConfiguration().getCaCertData()));
    }

    private ClusterRole ofTheManifest() throws IOException {
        Path manifest =
                Path.of(
                        System.getProperty("windlass.root", ".."),
                        "minikube/pod-scheduler/pod-scheduler.yaml");
        try (InputStream in = Files.newInputStream(manifest)) {
            HasMetadata role =
                    fleet.client.load(in).items().stream()
                            .filter(ClusterRole.class::isInstance)
                            .findFirst()
                            .orElseThrow();
            return (ClusterRole) role;
        }
    }

    private String token() {
        return fleet.client
                .serviceAccounts()
                .inNamespace(fleet.name)
                .withName(NAME)
                .tokenRequest(
                        new TokenRequestBuilder()
                                .withNewSpec()
                                .withExpirationSeconds(7_200L)
                                .endSpec()
                                .build())
                .getStatus()
                .getToken();
    }

    public Map<String, String> environment() {
        URI server = URI.create(fleet.client.getConfiguration().getMasterUrl());
        return Map.of(
                "KUBECONFIG", "",
                "SCHED_INCLUSTER_BASE_PATH", folder.toString(),
                "KUBERNETES_SERVICE_HOST", server.getHost(),
                "KUBERNETES_SERVICE_PORT", String.valueOf(server.getPort()));
    }

    @Override
    public void close() throws IOException {
        fleet.client.rbac().clusterRoleBindings().withName(fleet.name).delete();
        fleet.client.rbac().clusterRoles().withName(fleet.name).delete();
        for (String file : new String[] {"token", "namespace", "ca.crt"}) {
            Files.deleteIfExists(folder.resolve(file));
        }
        Files.deleteIfExists(folder);
    }
}
