package io.windlass.e2e;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.windlass.harness.Told;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** Says of pods what a kubelet would, to a real API server. */
final class Puppets {
    private static final Duration AGAIN = Duration.ofSeconds(60);

    private final KubernetesClient client;
    private final Map<String, Event> told = new HashMap<>();
    private final Map<String, Instant> toldAt = new HashMap<>();

    Puppets(KubernetesClient client) {
        this.client = client;
    }

    /** Once, and its event again every minute, as what goes on happening is told. */
    void tell(Pod pod, Way.Puppet puppet) {
        String uid = pod.getMetadata().getUid();
        Instant before = toldAt.get(uid);
        boolean first = before == null;
        if (!first && before.plus(AGAIN).isAfter(Instant.now())) {
            return;
        }
        toldAt.put(uid, Instant.now());
        if (puppet.eventReason() != null) {
            Event event =
                    first
                            ? event(pod, puppet.eventReason(), puppet.eventMessage())
                            : again(told.get(uid));
            told.put(uid, client.resource(event).serverSideApply());
        }
        if (first) {
            Told.show(client, pod, puppet.status());
        }
    }

    static Event event(HasMetadata about, String reason, String message) {
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        return new EventBuilder()
                .withNewMetadata()
                .withName("test-" + UUID.randomUUID())
                .withNamespace(about.getMetadata().getNamespace())
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion(about.getApiVersion())
                .withKind(about.getKind())
                .withNamespace(about.getMetadata().getNamespace())
                .withName(about.getMetadata().getName())
                .withUid(about.getMetadata().getUid())
                .endInvolvedObject()
                .withReason(reason)
                .withMessage(message)
                .withType("Warning")
                .withCount(1)
                .withFirstTimestamp(now)
                .withLastTimestamp(now)
                .withNewSource()
                .withComponent("windlass-test")
                .endSource()
                .build();
    }

    private static Event again(Event event) {
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        return new EventBuilder(event)
                .editMetadata()
                .withManagedFields()
                .withResourceVersion(null)
                .endMetadata()
                .withCount(event.getCount() + 1)
                .withLastTimestamp(now)
                .build();
    }
}
