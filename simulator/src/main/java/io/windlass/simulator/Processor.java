package io.windlass.simulator;

import io.micrometer.core.instrument.MeterRegistry;
import io.windlass.cluster.Cluster;
import io.windlass.cluster.ClusterSettings;
import io.windlass.job.Decider;
import io.windlass.job.PodPolicies;
import io.windlass.messages.EnvelopeCodec;
import io.windlass.messages.Installation;
import io.windlass.processor.AdmissionSettings;
import io.windlass.processor.Admitter;
import io.windlass.processor.ChecksSettings;
import io.windlass.processor.ClusterGate;
import io.windlass.processor.Consumer;
import io.windlass.processor.Hands;
import io.windlass.processor.Inbox;
import io.windlass.processor.LostClusterLoop;
import io.windlass.processor.Manifests;
import io.windlass.processor.Reconciler;
import io.windlass.processor.Sequencer;
import io.windlass.processor.Sweep;
import io.windlass.processor.Wakeups;
import io.windlass.queue.MessageQueue;
import io.windlass.service.Loop;
import io.windlass.service.Loops;
import io.windlass.service.Tracing;
import io.windlass.store.Admissions;
import io.windlass.store.Checks;
import io.windlass.store.LostJobs;
import io.windlass.store.Progressions;
import java.time.Duration;
import java.util.Map;

/** The real messages-processor, as one process of the simulation. */
record Processor(
        SimulatedProcess process,
        Climate climate,
        Wires wires,
        Installation installation,
        Decider decider,
        MemoryQueue requests,
        MemoryQueue observations,
        Polls polls,
        boolean losesItsCluster,
        MeterRegistry metrics) {

    static final String CLUSTER = "local";
    private static final ClusterSettings NAMED = new ClusterSettings(CLUSTER, null, null, null);

    static final ChecksSettings CHECKS =
            new ChecksSettings(
                    Duration.ofSeconds(30),
                    Duration.ofMinutes(10),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(10),
                    Duration.ofMinutes(5),
                    Duration.ofMillis(250),
                    Duration.ofSeconds(30),
                    32,
                    Duration.ofSeconds(15),
                    Duration.ofMinutes(1));

    private static final AdmissionSettings ADMISSION =
            new AdmissionSettings(6, 10, 4, 3, Duration.ofSeconds(1));

    /** What its main does. */
    void begin() {
        Wakeups wakeups = new Wakeups();
        Loops unused = new Loops();
        Progressions progressions = wires.progressions();
        Checks checks = wires.checks();
        Cluster cluster = wires.cluster();
        Hands hands =
                new Hands(
                        cluster,
                        checks,
                        new Manifests(checks, installation, PodPolicies.STANDARD),
                        CHECKS,
                        process,
                        Tracing.OFF,
                        metrics);
        Inbox inbox = new Inbox(progressions, decider, hands, wakeups, process, metrics);
        ClusterGate gate =
                new ClusterGate(cluster, wires.heartbeats(), NAMED, wakeups, unused, metrics);
        Sweep sweep =
                new Sweep(
                        checks,
                        progressions,
                        decider,
                        hands,
                        cluster,
                        gate,
                        CHECKS,
                        NAMED,
                        wakeups,
                        unused,
                        process,
                        metrics);
        Admitter admitter =
                new Admitter(
                        new Admissions(progressions, decider),
                        ADMISSION,
                        gate,
                        NAMED,
                        wakeups,
                        unused,
                        metrics);
        Reconciler reconciler =
                new Reconciler(
                        cluster,
                        NAMED,
                        checks,
                        (name, found, listed) -> Map.of(),
                        wakeups,
                        progressions,
                        inbox,
                        gate,
                        unused,
                        CHECKS,
                        process,
                        metrics);
        Sequencer sequencer = new Sequencer(wires.sequencing(), wakeups, unused, process);
        SimulatedLoop sweeping = loop(sweep::runOnce);
        polls.sweeps(process.name(), sweeping);
        wakeups.whenDue(sweeping::wake);
        wakeups.whenRoom(loop(admitter::runOnce)::wake);
        wakeups.whenHistory(loop(sequencer::runOnce)::wake);
        loop(gate::runOnce);
        loop(reconciler::runOnce);
        if (losesItsCluster) {
            LostJobs lost = new LostJobs(progressions, decider);
            loop(new LostClusterLoop(lost, NAMED, wakeups, unused, metrics)::runOnce);
        }
        listen("requests", wires.queue(requests), inbox);
        listen("observations", wires.queue(observations), inbox);
        listen("observations", wires.queue(observations), inbox);
    }

    private void listen(String name, MessageQueue queue, Inbox inbox) {
        Consumer consumer =
                new Consumer(
                        name,
                        queue,
                        new EnvelopeCodec(installation),
                        CLUSTER,
                        inbox,
                        wires::databaseAnswers,
                        Tracing.OFF,
                        metrics);
        loop(consumer::runOnce);
    }

    private SimulatedLoop loop(Loop.Round round) {
        return new SimulatedLoop(process, climate, round).start();
    }
}
