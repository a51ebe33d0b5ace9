package io.windlass.e2e.neighbour;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.windlass.json.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A webhook of the Jobs of some namespaces that takes connections and never says a word: not even
 * TLS begins. The API server waits as long as it may, and refuses the Job.
 */
final class HangingWebhook implements AutoCloseable {
    private final KubernetesClient client;
    private final String name =
            "windlass-test-hangs-" + UUID.randomUUID().toString().substring(0, 8);
    private final ServerSocket server;
    private final Queue<Socket> taken = new ConcurrentLinkedQueue<>();
    private final AtomicInteger asked = new AtomicInteger();

    HangingWebhook(KubernetesClient client, HostileCase.Hang how, Collection<String> namespaces)
            throws IOException {
        this.client = client;
        this.server = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("hanging-webhook").start(this::take);
        try {
            client.load(
                            new ByteArrayInputStream(
                                    Json.write(configuration(how, namespaces))
                                            .getBytes(StandardCharsets.UTF_8)))
                    .serverSideApply();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private Map<String, Object> configuration(HostileCase.Hang how, Collection<String> namespaces) {
        Map<String, Object> rule =
                Map.of(
                        "apiGroups", List.of("batch"),
                        "apiVersions", List.of("v1"),
                        "operations", List.of("CREATE"),
                        "resources", List.of("jobs"),
                        "scope", "Namespaced");
        Map<String, Object> theirs =
                Map.of(
                        "matchExpressions",
                        List.of(
                                Map.of(
                                        "key", "kubernetes.io/metadata.name",
                                        "operator", "In",
                                        "values", List.copyOf(namespaces))));
        Map<String, Object> named =
                Map.of(
                        "name",
                        "named-so",
                        "expression",
                        "object.metadata.name.startsWith('%s')".formatted(how.names()));
        Map<String, Object> webhook =
                Map.of(
                        "name",
                        "hangs.windlass.test",
                        "sideEffects",
                        "None",
                        "admissionReviewVersions",
                        List.of("v1"),
                        "failurePolicy",
                        "Fail",
                        "timeoutSeconds",
                        how.timeoutSeconds(),
                        "rules",
                        List.of(rule),
                        "namespaceSelector",
                        theirs,
                        "matchConditions",
                        List.of(named),
                        "clientConfig",
                        Map.of("url", "https://127.0.0.1:" + server.getLocalPort() + "/"));
        return Map.of(
                "apiVersion",
                "admissionregistration.k8s.io/v1",
                "kind",
                "MutatingWebhookConfiguration",
                "metadata",
                Map.of("name", name),
                "webhooks",
                List.of(webhook));
    }

    private void take() {
        while (!server.isClosed()) {
            try {
                taken.add(server.accept());
                asked.incrementAndGet();
            } catch (IOException e) {
                // closed, or the one who asked is gone
                continue;
            }
        }
    }

    /** How often somebody connected and waited. */
    int asked() {
        return asked.get();
    }

    @Override
    public void close() throws IOException {
        client.admissionRegistration().v1().mutatingWebhookConfigurations().withName(name).delete();
        server.close();
        for (Socket one : taken) {
            one.close();
        }
    }
}
