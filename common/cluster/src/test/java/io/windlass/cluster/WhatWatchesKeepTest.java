package io.windlass.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.windlass.job.EventSignals;
import io.windlass.job.JobIdentity;
import io.windlass.job.PodSeen;
import io.windlass.messages.Installation;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Finding P31: a cluster has many more events and much larger pods than anybody here asks for. */
class WhatWatchesKeepTest {
    private static final String LIST =
            """
            {"kind":"EventList","apiVersion":"v1","metadata":{"resourceVersion":"9"},"items":[
             {"metadata":{"name":"e","namespace":"team","uid":"event","resourceVersion":"7"},
              "reason":"FailedMount","message":"no such volume",
              "involvedObject":{"kind":"Pod","name":"p","namespace":"team","uid":"pod"}}]}
            """;

    private static Event event(String uid, String version) {
        return new EventBuilder()
                .withNewMetadata()
                .withUid(uid)
                .withName("e")
                .withNamespace("team")
                .withResourceVersion(version)
                .endMetadata()
                .withMessage("x".repeat(4_000))
                .build();
    }

    @Test
    void shouldKeepNothingOfAnEventButItsVersion() {
        EventVersions kept = new EventVersions();
        Event first = event("u", "1");
        assertThat(kept.put(kept.getKey(first), first)).isNull();
        Event before = kept.put("u", event("u", "2"));
        assertThat(before.getMetadata().getResourceVersion()).isEqualTo("1");
        assertThat(before.getMessage()).isNull();
        assertThat(kept.get("u").getMetadata().getResourceVersion()).isEqualTo("2");
        assertThat(kept.values()).hasSize(1);
        assertThat(kept.remove("u").getMetadata().getUid()).isEqualTo("u");
        assertThat(kept.size()).isZero();
        assertThat(kept.remove("u")).isNull();
    }

    @Test
    void shouldKeepOfAPodWhatIsReadOfIt() {
        Pod pod =
                new PodBuilder()
                        .withNewMetadata()
                        .withName("p")
                        .withNamespace("team")
                        .withUid("u")
                        .withResourceVersion("5")
                        .addToLabels(JobIdentity.ATTEMPT, "1")
                        .addToAnnotations(JobIdentity.TRACEPARENT, "00-trace")
                        .addToAnnotations("of-others", "x".repeat(10_000))
                        .addNewManagedField()
                        .withManager("kubelet")
                        .endManagedField()
                        .endMetadata()
                        .withNewSpec()
                        .withNodeName("n")
                        .addNewVolume()
                        .withName("v")
                        .endVolume()
                        .addNewContainer()
                        .withName("main")
                        .withImage("app:1")
                        .addNewEnv()
                        .withName("A")
                        .withValue("x".repeat(10_000))
                        .endEnv()
                        .endContainer()
                        .endSpec()
                        .withNewStatus()
                        .withPhase("Running")
                        .addNewContainerStatus()
                        .withName("main")
                        .endContainerStatus()
                        .endStatus()
                        .build();
        PodSeen seen = SeenReader.pod(pod, PodSeen.Told.NOTHING);
        LeanPods kept = new LeanPods();
        kept.put(kept.getKey(pod), pod);
        Pod lean = kept.get("team/p");
        assertThat(SeenReader.pod(lean, PodSeen.Told.NOTHING)).isEqualTo(seen);
        assertThat(SeenReader.traceparent(lean)).isEqualTo("00-trace");
        assertThat(lean.toString()).hasSizeLessThan(8_000).doesNotContain("xxxx", "kubelet");
    }

    @Test
    void shouldLeaveInTheServerOnlyWhatNobodyAsksFor() {
        assertThat(Watches.ROUTINE)
                .noneMatch(EventSignals::mattersToAPod)
                .noneMatch(EventSignals::mattersToAJob)
                .doesNotContain("Pulling");
    }

    @Test
    void shouldAskForTheOthersInPortionsAndTellThem() throws Exception {
        BlockingQueue<Event> told = new LinkedBlockingQueue<>();
        ResourceEventHandler<Event> handler =
                new ResourceEventHandler<>() {
                    @Override
                    public void onAdd(Event event) {
                        told.add(event);
                    }

                    @Override
                    public void onUpdate(Event before, Event event) {
                        told.add(event);
                    }

                    @Override
                    public void onDelete(Event event, boolean unknown) {}
                };
        try (StubApiServer server = new StubApiServer()) {
            server.answer("GET /api/v1/events", 200, LIST);
            Watches watches =
                    new Watches(
                            server.client(),
                            new ClusterSettings("local", null, null, null),
                            new Installation(UUID.randomUUID(), "a key of some length", List.of()));
            Watch<Event> watch = watches.events("Pod", handler).getFirst();
            watch.tend();
            Event event = told.poll(20, TimeUnit.SECONDS);
            watch.close();
            assertThat(event).isNotNull();
            assertThat(event.getMessage()).isEqualTo("no such volume");
            assertThat(server.queries().getFirst())
                    .contains("involvedObject.kind=Pod", "limit=500")
                    .contains(Watches.ROUTINE.stream().map(r -> "reason!=" + r).toList());
        }
    }
}
