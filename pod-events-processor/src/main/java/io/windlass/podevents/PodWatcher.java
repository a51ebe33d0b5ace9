package io.windlass.podevents;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import io.windlass.cluster.ClusterSettings;
import io.windlass.cluster.SeenReader;
import io.windlass.cluster.Watch;
import io.windlass.cluster.WatchedHealth;
import io.windlass.cluster.Watches;
import io.windlass.job.EventSignals;
import io.windlass.job.JobIdentity;
import io.windlass.job.PodSeen;
import io.windlass.job.StartClassifier;
import io.windlass.messages.EnvelopeCodec;
import io.windlass.messages.Installation;
import io.windlass.messages.Message;
import io.windlass.queue.QueueClient;
import io.windlass.service.Loop;
import io.windlass.service.Loops;
import io.windlass.service.Machine;
import io.windlass.service.Observer;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;

/** Turns what the watches of pods and of their events tell into observations. */
@Context
final class PodWatcher implements ResourceEventHandler<Pod> {
    private static final Duration TEND = Duration.ofSeconds(1);

    private final Observer observer;
    private final List<Watch<Pod>> pods;
    private final List<Watch<Event>> events = new ArrayList<>();
    private final EventsHeard heard = new EventsHeard();
    private final Loops loops;

    @Inject
    PodWatcher(
            Watches watches,
            QueueClient queues,
            EnvelopeCodec codec,
            Installation installation,
            ClusterSettings cluster,
            Loops loops,
            Machine machine,
            WatchedHealth health,
            MeterRegistry metrics) {
        this.observer =
                new Observer(
                        "pod-observations",
                        queues.observations(cluster.name()),
                        codec,
                        installation,
                        cluster.name(),
                        Clock.systemUTC(),
                        machine,
                        metrics);
        this.pods = watches.pods(this);
        this.events.addAll(watches.events("Pod", new Heard(this::heardOfPod)));
        this.events.addAll(watches.events("Job", new Heard(this::heardOfJob)));
        this.loops = loops;
        health.watch("pods", pods);
        health.watch("events", events);
        metrics.gauge("windlass.observations.waiting.pods", observer, o -> o.waiting().size());
        FunctionCounter.builder(
                        "windlass.observations.dropped.pods", observer, o -> o.waiting().dropped())
                .register(metrics);
    }

    /** Hears what it is told, and watches nothing. */
    PodWatcher(Observer observer, Loops loops) {
        this.observer = observer;
        this.pods = List.of();
        this.loops = loops;
    }

    @PostConstruct
    void start() {
        loops.add(observer.loop());
        loops.add(new Loop("pod-watch", this::tend));
    }

    private Duration tend() {
        pods.forEach(Watch::tend);
        events.forEach(Watch::tend);
        return TEND;
    }

    @PreDestroy
    void stop() {
        pods.forEach(Watch::close);
        events.forEach(Watch::close);
    }

    @Override
    public void onAdd(Pod pod) {
        tell(pod);
    }

    /**
     * Anything but the resourceVersion: a heartbeat that changes nothing is not worth a message.
     */
    @Override
    public void onUpdate(Pod before, Pod pod) {
        if (!succeeded(before) && !same(before, pod)) {
            if (PullTries.isAnother(before, pod)) {
                heard.pulledAgain(pod.getMetadata().getUid());
            }
            tell(pod);
        }
    }

    private static boolean same(Pod before, Pod pod) {
        return Objects.equals(before.getStatus(), pod.getStatus())
                && Objects.equals(
                        before.getMetadata().getDeletionTimestamp(),
                        pod.getMetadata().getDeletionTimestamp())
                && Objects.equals(before.getSpec().getNodeName(), pod.getSpec().getNodeName());
    }

    /** There is no more to say of it; that it goes is no news. */
    private static boolean succeeded(Pod pod) {
        return pod.getStatus() != null && "Succeeded".equals(pod.getStatus().getPhase());
    }

    /** What it looked like last may hold the exit code that nobody has seen yet. */
    @Override
    public void onDelete(Pod pod, boolean finalStateUnknown) {
        if (!succeeded(pod)) {
            PodSeen last = SeenReader.pod(pod, told(pod.getMetadata().getUid()));
            tell(pod, finalStateUnknown ? last : last.atItsEnd());
        }
        heard.forget(pod.getMetadata().getUid());
    }

    /** What events, and the pod itself, have told until now. */
    PodSeen.Told told(String podUid) {
        return heard.of(podUid);
    }

    private void tell(Pod pod) {
        tell(pod, SeenReader.pod(pod, told(pod.getMetadata().getUid())));
    }

    private void tell(Pod pod, PodSeen seen) {
        SeenReader.jobId(pod)
                .ifPresent(id ->
                        observer.seen(
                                seen.uid(),
                                new Message.PodObserved(id, seen),
                                SeenReader.traceparent(pod)));
        if (seen.over() || StartClassifier.isFinal(seen)) {
            observer.hurry();
        }
    }

    /** Events of pods that are not in our cache are somebody else's, or their pod is on its way. */
    private void heardOfPod(ObjectReference about, Event event) {
        boolean pulls = "Pulling".equals(event.getReason());
        if (!pulls && !EventSignals.mattersToAPod(event.getReason())) {
            return;
        }
        heard.heard(about.getUid(), event);
        pods.stream()
                .flatMap(watch -> watch.cached(about.getNamespace(), about.getName()).stream())
                .filter(pod -> about.getUid().equals(pod.getMetadata().getUid()))
                .findFirst()
                .filter(pod -> !pulls || heard.of(about.getUid()).pulls() > 1)
                .ifPresent(this::tell);
    }

    private void heardOfJob(ObjectReference about, Event event) {
        if (EventSignals.mattersToAJob(event.getReason())) {
            JobIdentity.jobId(about.getName())
                    .ifPresent(id ->
                            observer.seen(
                                    about.getUid(), new Message.JobEventHeard(id, about.getUid())));
        }
    }

    private record Heard(BiConsumer<ObjectReference, Event> then)
            implements ResourceEventHandler<Event> {
        @Override
        public void onAdd(Event event) {
            heard(event);
        }

        @Override
        public void onUpdate(Event before, Event event) {
            heard(event);
        }

        @Override
        public void onDelete(Event event, boolean finalStateUnknown) {
            // they expire after an hour; what they told has been told
        }

        private void heard(Event event) {
            ObjectReference about = event.getInvolvedObject();
            if (event.getReason() != null
                    && about != null
                    && about.getUid() != null
                    && about.getName() != null) {
                then.accept(about, event);
            }
        }
    }
}
