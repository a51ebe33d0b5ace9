package io.windlass.simulator;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.windlass.job.JobId;
import io.windlass.job.JobSeen;
import io.windlass.job.Look;
import io.windlass.job.PodSeen;
import io.windlass.messages.EnvelopeCodec;
import io.windlass.messages.Installation;
import io.windlass.messages.Message;
import io.windlass.queue.MessageQueue;
import io.windlass.service.Loop;
import io.windlass.service.Observer;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A process that watches Jobs, or pods, as an informer does: a list, then changes; after a gap a
 * list again, which may be old when it is told, and a tombstone for what has vanished in between.
 */
final class Watcher {
    private static final Duration OFTEN = Duration.ofMillis(500);
    private static final Duration OLDEST_LIST = Duration.ofSeconds(40);

    private record JobKnown(JobId id, JobSeen seen) {}

    private final World world;
    private final SimulatedProcess process;
    private final Climate climate;
    private final MemoryCluster cluster;
    private final boolean pods;
    private final Observer observer;
    private final Polls polls;
    private final Map<String, JobKnown> known = new HashMap<>();
    private int position = -1;
    private int history;

    Watcher(
            World world,
            SimulatedProcess process,
            Climate climate,
            MemoryCluster cluster,
            boolean pods,
            MessageQueue observations,
            Installation installation,
            Polls polls) {
        this.world = world;
        this.polls = polls;
        this.process = process;
        this.climate = climate;
        this.cluster = cluster;
        this.pods = pods;
        this.observer =
                new Observer(
                        process.name(),
                        observations,
                        new EnvelopeCodec(installation),
                        installation,
                        Processor.CLUSTER,
                        world.withZone(ZoneOffset.UTC),
                        process,
                        new SimpleMeterRegistry());
    }

    void begin() {
        SimulatedLoop sender = new SimulatedLoop(process, climate, observer::runOnce).start();
        Loop.Round round =
                () -> {
                    watch();
                    sender.wake();
                    return OFTEN;
                };
        polls.watches(process.name(), new SimulatedLoop(process, climate, round).start());
    }

    private void watch() {
        process.sleep(world.upTo(climate.now().slowness()));
        if (cluster.away()) {
            return;
        }
        boolean gap = world.chance(climate.now().watchGap());
        if (position < 0 || gap || history != cluster.history()) {
            list(gap);
        }
        List<MemoryCluster.Change> changes = cluster.changes();
        while (position < changes.size()) {
            tell(changes.get(position++));
        }
    }

    private void list(boolean old) {
        history = cluster.history();
        position = cluster.changes().size();
        Map<JobId, Look> all = cluster.lookAtAll();
        if (old) {
            process.sleep(world.upTo(OLDEST_LIST));
        }
        Map<String, JobKnown> before = new HashMap<>(known);
        known.clear();
        all.forEach((id, look) -> {
            JobSeen job = look.job();
            if (pods) {
                look.pods().forEach(pod -> tell(id, pod));
            } else if (job != null) {
                tell(id, job, false);
            }
        });
        before.forEach((uid, last) -> {
            if (!known.containsKey(uid)) {
                tell(last.id(), last.seen(), true);
            }
        });
    }

    private void tell(MemoryCluster.Change change) {
        JobSeen job = change.job();
        PodSeen pod = change.pod();
        if (job != null && !pods) {
            tell(change.jobId(), job, change.gone());
        }
        if (pod != null && pods) {
            tell(change.jobId(), change.gone() ? pod.atItsEnd() : pod);
        }
    }

    private void tell(JobId id, JobSeen job, boolean gone) {
        if (gone) {
            known.remove(job.uid());
        } else {
            known.put(job.uid(), new JobKnown(id, job));
        }
        observer.seen(job.uid(), new Message.JobObserved(id, job, gone));
        if (job.finished()) {
            observer.hurry();
        }
    }

    private void tell(JobId id, PodSeen pod) {
        observer.seen(pod.uid(), new Message.PodObserved(id, pod));
        if (pod.over()) {
            observer.hurry();
        }
    }
}
