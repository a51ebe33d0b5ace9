package io.windlass.podscheduler.bind;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.windlass.podscheduler.choose.PodView;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Events of pods. The same said again of the same pod is one event with a higher count. */
final class Events {
    private static final Logger LOG = LoggerFactory.getLogger(Events.class);

    /** Kubernetes takes no longer one. */
    private static final int LONGEST_MESSAGE = 1024;

    private static final int REMEMBERED = 4096;

    private final KubernetesClient client;
    private final String scheduler;
    private final Clock clock;
    private final Map<String, Integer> counts =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
                    return size() > REMEMBERED;
                }
            };

    Events(KubernetesClient client, String scheduler, Clock clock) {
        this.client = client;
        this.scheduler = scheduler;
        this.clock = clock;
    }

    void tell(PodView pod, String type, String reason, String message) {
        String text =
                message.length() <= LONGEST_MESSAGE
                        ? message
                        : message.substring(0, LONGEST_MESSAGE - 3) + "...";
        String stem = pod.name().length() <= 200 ? pod.name() : pod.name().substring(0, 200);
        String name =
                stem
                        + "."
                        + Integer.toHexString(Objects.hash(scheduler, pod.uid(), reason))
                        + Integer.toHexString(text.hashCode());
        int count = count(name);
        try {
            if (count == 1 || !isCounted(pod, name, count)) {
                create(pod, type, reason, text, name);
            }
        } catch (KubernetesClientException e) {
            LOG.debug("{}: the event {} is lost", pod.fullName(), reason, e);
        }
    }

    private synchronized int count(String name) {
        return counts.merge(name, 1, Integer::sum);
    }

    private void create(PodView pod, String type, String reason, String text, String name) {
        String now = seconds(clock);
        Event event =
                new EventBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(pod.namespace())
                        .endMetadata()
                        .withNewInvolvedObject()
                        .withApiVersion("v1")
                        .withKind("Pod")
                        .withNamespace(pod.namespace())
                        .withName(pod.name())
                        .withUid(pod.uid())
                        .endInvolvedObject()
                        .withType(type)
                        .withReason(reason)
                        .withMessage(text)
                        .withNewSource()
                        .withComponent(scheduler)
                        .endSource()
                        .withReportingComponent(scheduler)
                        .withFirstTimestamp(now)
                        .withLastTimestamp(now)
                        .withCount(1)
                        .build();
        try {
            client.raw("/api/v1/namespaces/" + pod.namespace() + "/events", "POST", event);
        } catch (KubernetesClientException e) {
            // of an earlier life of this process
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT || !isCounted(pod, name, 2)) {
                throw e;
            }
        }
    }

    /** Whether it was there to be counted up: events are forgotten after an hour. */
    private boolean isCounted(PodView pod, String name, int count) {
        try {
            client.v1()
                    .events()
                    .inNamespace(pod.namespace())
                    .withName(name)
                    .patch(
                            PatchContext.of(PatchType.JSON_MERGE),
                            client.getKubernetesSerialization()
                                    .asJson(
                                            Map.of(
                                                    "count",
                                                    count,
                                                    "lastTimestamp",
                                                    seconds(clock))));
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    static String seconds(Clock clock) {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
