package io.windlass.processor;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import io.windlass.cluster.Cluster;
import io.windlass.cluster.ClusterSettings;
import io.windlass.job.Input;
import io.windlass.job.Job;
import io.windlass.job.JobId;
import io.windlass.job.JobSeen;
import io.windlass.job.Look;
import io.windlass.service.Loop;
import io.windlass.service.Loops;
import io.windlass.service.Machine;
import io.windlass.store.Checks;
import io.windlass.store.Progressions;
import jakarta.annotation.PostConstruct;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Now and then compares all Jobs that carry our name with the rows. What no row knows is reported,
 * never deleted.
 */
@Context
public final class Reconciler {
    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
    private static final int BATCH = 100;

    private final Cluster cluster;
    private final String clusterName;
    private final Checks checks;
    private final Wakeups wakeups;
    private final Progressions progressions;
    private final Inbox inbox;
    private final ClusterGate gate;
    private final Loops loops;
    private final Duration interval;
    private final Machine machine;
    private final AtomicInteger unknown;

    public Reconciler(
            Cluster cluster,
            ClusterSettings clusterSettings,
            Checks checks,
            Wakeups wakeups,
            Progressions progressions,
            Inbox inbox,
            ClusterGate gate,
            Loops loops,
            ChecksSettings settings,
            Machine machine,
            MeterRegistry metrics) {
        this.cluster = cluster;
        this.clusterName = clusterSettings.name();
        this.checks = checks;
        this.wakeups = wakeups;
        this.progressions = progressions;
        this.inbox = inbox;
        this.gate = gate;
        this.loops = loops;
        this.interval = settings.reconcile();
        this.machine = machine;
        this.unknown = new AtomicInteger();
        metrics.gauge("windlass.status.drift", unknown);
    }

    @PostConstruct
    void start() {
        loops.add(new Loop("reconciler", this::runOnce));
    }

    public Duration runOnce() {
        if (!gate.isOpen()) {
            return Duration.ofSeconds(1);
        }
        Instant before = checks.now();
        Map<JobId, Look> all = cluster.lookAtAll();
        List<Map.Entry<JobId, Look>> looks = new ArrayList<>(all.entrySet());
        int notKnown = 0;
        for (int from = 0; from < looks.size(); from += BATCH) {
            notKnown += compare(looks.subList(from, Math.min(from + BATCH, looks.size())));
        }
        unknown.set(notKnown);
        if (checks.lookAtAllBut(all.keySet(), clusterName, before) > 0) {
            wakeups.due();
        }
        // jittered, so that two do not list at once
        return Duration.ofMillis((long) (interval.toMillis() * (0.9 + machine.chance() / 5)));
    }

    private int compare(List<Map.Entry<JobId, Look>> looks) {
        Map<JobId, Job> known =
                progressions.inTransaction(
                        batch -> batch.load(looks.stream().map(Map.Entry::getKey).toList()));
        int answered = 0;
        List<Inbox.News> seen = new ArrayList<>();
        for (Map.Entry<JobId, Look> look : looks) {
            JobSeen job = look.getValue().job();
            if (job == null) {
                continue;
            }
            Job row = known.get(look.getKey());
            if (row != null && row.isLeftInALostCluster()) {
                answered += leftThere(row, job) ? 1 : 0;
            } else if (row != null) {
                seen.add(new Inbox.News(look.getKey(), new Input.Looked(look.getValue())));
            } else {
                LOG.warn(
                        "Job {}/{} says it is ours, but job {} is not known; it is left alone",
                        job.namespace(),
                        job.name(),
                        look.getKey());
            }
        }
        inbox.decide(seen);
        return looks.size() - known.size() + answered;
    }

    /** False where it is here, since a creator thawed: its job has its answer, so that it goes. */
    private boolean leftThere(Job row, JobSeen job) {
        if (Objects.equals(gate.identity(), row.identity().lost())) {
            return true;
        }
        if (job.deletionAt() == null && gate.isOpen()) {
            LOG.warn("Job {}/{} was made after its cluster was lost", job.namespace(), job.name());
            cluster.delete(job.namespace(), job.name(), job.uid());
        }
        return false;
    }
}
