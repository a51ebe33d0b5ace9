package io.windlass.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.windlass.job.EventSeen;
import io.windlass.job.NodeFit;
import io.windlass.job.PodSeen;
import io.windlass.job.QuotaText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what a job has to fit into: nodes and quotas. Where that is not allowed, nobody is told
 * that there is no room.
 */
final class Surveys {
    private static final Logger LOG = LoggerFactory.getLogger(Surveys.class);
    private static final int FORBIDDEN = 403;

    /** Many jobs wait for room at once; what the nodes have changes seldom. */
    private static final Duration FRESH = Duration.ofSeconds(10);

    private final KubernetesClient client;
    private @Nullable List<NodeFit.Node> nodes;
    private long readAt;

    Surveys(KubernetesClient client) {
        this.client = client;
    }

    PodSeen.Unscheduled compared(Pod pod, PodSeen.Unscheduled waits) {
        if (waits.room() != PodSeen.Room.UNKNOWN) {
            return waits;
        }
        try {
            Optional<String> nowhere = NodeFit.whyNowhere(NodeReader.needs(pod.getSpec()), nodes());
            return new PodSeen.Unscheduled(
                    waits.message(),
                    nowhere.isPresent() ? PodSeen.Room.NOWHERE : PodSeen.Room.SOMEWHERE,
                    nowhere.orElse(""));
        } catch (KubernetesClientException e) {
            return notAllowed(e, "nodes", waits);
        }
    }

    private synchronized List<NodeFit.Node> nodes() {
        List<NodeFit.Node> known = nodes;
        if (known != null && System.nanoTime() - readAt < FRESH.toNanos()) {
            return known;
        }
        List<NodeFit.Node> found = new ArrayList<>();
        Pages.forEach(
                options -> client.nodes().list(options), node -> found.add(NodeReader.node(node)));
        nodes = List.copyOf(found);
        readAt = System.nanoTime();
        return found;
    }

    /** What the quotas allow that events speak of; nothing where there is none of that name. */
    Map<String, Map<String, String>> quotas(String namespace, List<EventSeen> events) {
        Map<String, Map<String, String>> quotas = new HashMap<>();
        for (EventSeen event : events) {
            String name = QuotaText.quota(event.message()).orElse(null);
            if (name != null && !quotas.containsKey(name)) {
                try {
                    quotas.put(name, hard(namespace, name));
                } catch (KubernetesClientException e) {
                    // the event's own word has to do
                    notAllowed(e, "resourcequotas", name);
                }
            }
        }
        return quotas;
    }

    private Map<String, String> hard(String namespace, String name) {
        ResourceQuota quota = client.resourceQuotas().inNamespace(namespace).withName(name).get();
        Map<String, Quantity> hard =
                quota == null || quota.getSpec() == null ? null : quota.getSpec().getHard();
        Map<String, String> limits = new HashMap<>();
        if (hard != null) {
            hard.forEach((resource, amount) -> limits.put(resource, NodeReader.text(amount)));
        }
        return limits;
    }

    private static <T> T notAllowed(KubernetesClientException e, String what, T instead) {
        if (e.getCode() != FORBIDDEN) {
            throw e;
        }
        LOG.debug("{} may not be read: {}", what, e.getMessage());
        return instead;
    }
}
