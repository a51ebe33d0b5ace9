package io.windlass.podscheduler.bind;

import io.fabric8.kubernetes.api.model.Binding;
import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.windlass.podscheduler.choose.PodView;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Through the API server. Words are told as well as can be; what is lost there is only words. */
public final class ApiDeeds implements Deeds {
    private static final Logger LOG = LoggerFactory.getLogger(ApiDeeds.class);
    private static final int TOO_MANY_REQUESTS = 429;

    private final KubernetesClient client;
    private final Events events;
    private final Clock clock;

    public ApiDeeds(KubernetesClient client, String scheduler, Clock clock) {
        this.client = client;
        this.events = new Events(client, scheduler, clock);
        this.clock = clock;
    }

    /** The uid makes it void for another pod of the same name, as StatefulSets make them. */
    @Override
    public Outcome bind(PodView pod, String node) {
        Binding binding =
                new BindingBuilder()
                        .withNewMetadata()
                        .withName(pod.name())
                        .withNamespace(pod.namespace())
                        .withUid(pod.uid())
                        .endMetadata()
                        .withNewTarget()
                        .withApiVersion("v1")
                        .withKind("Node")
                        .withName(node)
                        .endTarget()
                        .build();
        String path = "/api/v1/namespaces/" + pod.namespace() + "/pods/" + pod.name() + "/binding";
        try {
            client.raw(path, "POST", binding);
            return new Outcome.Bound();
        } catch (KubernetesClientException e) {
            return outcome(e);
        }
    }

    static Outcome outcome(KubernetesClientException e) {
        int code = e.getCode();
        boolean decided =
                code >= HttpURLConnection.HTTP_BAD_REQUEST
                        && code < HttpURLConnection.HTTP_INTERNAL_ERROR
                        && code != TOO_MANY_REQUESTS
                        && code != HttpURLConnection.HTTP_UNAUTHORIZED
                        && code != HttpURLConnection.HTTP_CLIENT_TIMEOUT;
        Status status = e.getStatus();
        String message =
                status == null || status.getMessage() == null
                        ? String.valueOf(e.getMessage())
                        : status.getMessage();
        return decided
                ? new Outcome.Refused(
                        code,
                        status == null || status.getReason() == null ? "" : status.getReason(),
                        message)
                : new Outcome.Away(code + " " + message);
    }

    @Override
    public boolean isAt(PodView pod, String node) {
        try {
            Pod now = client.pods().inNamespace(pod.namespace()).withName(pod.name()).get();
            return now != null
                    && pod.uid().equals(now.getMetadata().getUid())
                    && node.equals(now.getSpec().getNodeName());
        } catch (KubernetesClientException e) {
            LOG.debug("{}: cannot be asked for", pod.fullName(), e);
            return false;
        }
    }

    @Override
    public void tellBound(PodView pod, String node) {
        events.tell(
                pod,
                "Normal",
                "Scheduled",
                "Successfully assigned " + pod.fullName() + " to " + node);
    }

    @Override
    public void tellWaiting(PodView pod, String version, String why) {
        Map<String, Object> patch =
                Map.of(
                        "metadata",
                        Map.of("uid", pod.uid(), "resourceVersion", version),
                        "status",
                        Map.of(
                                "conditions",
                                List.of(
                                        Map.of(
                                                "type", "PodScheduled",
                                                "status", "False",
                                                "reason", "Unschedulable",
                                                "message", why,
                                                "lastTransitionTime", Events.seconds(clock)))));
        try {
            client.pods()
                    .inNamespace(pod.namespace())
                    .withName(pod.name())
                    .subresource("status")
                    .patch(
                            PatchContext.of(PatchType.STRATEGIC_MERGE),
                            client.getKubernetesSerialization().asJson(patch));
            events.tell(pod, "Warning", "FailedScheduling", why);
        } catch (KubernetesClientException e) {
            LOG.debug("{}: its condition could not be set", pod.fullName(), e);
        }
    }

    @Override
    public void warn(PodView pod, String reason, String what) {
        events.tell(pod, "Warning", reason, what);
    }
}
