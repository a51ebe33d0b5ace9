package io.windlass.processor;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micronaut.context.annotation.Context;
import io.windlass.cluster.Cluster;
import io.windlass.cluster.ClusterSettings;
import io.windlass.job.Drift;
import io.windlass.job.Input;
import io.windlass.job.Job;
import io.windlass.job.JobId;
import io.windlass.job.JobSeen;
import io.windlass.job.Look;
import io.windlass.job.PodSeen;
import io.windlass.service.Loop;
import io.windlass.service.Loops;
import io.windlass.service.Machine;
import io.windlass.store.Checks;
import io.windlass.store.DatabaseAwayException;
import io.windlass.store.Drifts;
import io.windlass.store.Progressions;
import jakarta.annotation.PostConstruct;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Now and then compares all Jobs that carry our name with the rows, counts what differs and has it
 * looked at. What no row knows is reported, never deleted.
 */
@Context
public final class Reconciler {
    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
    private static final int BATCH = 100;

    /** One job more may go beyond. */
    private static final int MOST_PODS = 2_000;

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
    private final Drifts drifts;
    private final Map<Drift, AtomicInteger> counts = new EnumMap<>(Drift.class);

    public Reconciler(
            Cluster cluster,
            ClusterSettings clusterSettings,
            Checks checks,
            Drifts drifts,
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
        this.drifts = drifts;
        for (Drift kind : Drift.values()) {
            AtomicInteger count = new AtomicInteger();
            counts.put(kind, count);
            metrics.gauge("windlass.status.drift", Tags.of("kind", kind.name()), count);
        }
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
        List<Drifts.Found> found = new ArrayList<>();
        List<Map.Entry<JobId, Look>> looks = new ArrayList<>();
        int pods = 0;
        for (Map.Entry<JobId, Look> look : all.entrySet()) {
            looks.add(look);
            pods += look.getValue().pods().size();
            if (looks.size() == BATCH || pods >= MOST_PODS) {
                compare(looks, found);
                looks.clear();
                pods = 0;
            }
        }
        if (!looks.isEmpty()) {
            compare(looks, found);
        }
        List<JobId> missing = checks.lookAtAllBut(all.keySet(), clusterName, before);
        if (!missing.isEmpty()) {
            wakeups.due();
        }
        for (int from = 0; from < missing.size(); from += BATCH) {
            load(missing.subList(from, Math.min(from + BATCH, missing.size())), Set.of())
                    .values()
                    .stream()
                    // its row says already that no list can have it
                    .filter(job -> job.progress().marks().changedSince() == null)
                    .forEach(job -> found.add(found(Drift.MISSING_JOB, job)));
        }
        Map<Drift, Integer> differ = drifts.compared(clusterName, found, before);
        counts.forEach((kind, count) -> count.set(differ.getOrDefault(kind, 0)));
        // jittered, so that two do not list at once
        return Duration.ofMillis((long) (interval.toMillis() * (0.9 + machine.chance() / 5)));
    }

    /** What differs is set right by a look: the list may have been overtaken meanwhile. */
    private void compare(List<Map.Entry<JobId, Look>> looks, List<Drifts.Found> found) {
        Map<JobId, Job> known =
                load(
                        looks.stream().map(Map.Entry::getKey).toList(),
                        looks.stream()
                                .flatMap(look -> look.getValue().pods().stream())
                                .map(PodSeen::uid)
                                .collect(Collectors.toSet()));
        List<Inbox.News> differ = new ArrayList<>();
        for (Map.Entry<JobId, Look> look : looks) {
            Job row = known.get(look.getKey());
            JobSeen seen = look.getValue().job();
            if (seen == null) {
                continue;
            }
            if (row != null && row.isLeftInALostCluster()) {
                if (row.hasItsPlace(seen) && leftThere(row, seen)) {
                    found.add(found(Drift.LEFT_ALONE, row));
                }
            } else if (row != null) {
                Optional<Drift> drift = Drift.of(row, look.getValue());
                drift.ifPresent(kind -> found.add(found(kind, row)));
                if (drift.isPresent() || !row.hasItsPlace(seen)) {
                    differ.add(new Inbox.News(row.id(), new Input.Looked(look.getValue())));
                }
            } else {
                found.add(
                        new Drifts.Found(
                                Drift.UNKNOWN_JOB, look.getKey(), seen.namespace(), seen.name()));
                LOG.warn(
                        "Job {}/{} says it is ours, but job {} is not known; it is left alone",
                        seen.namespace(),
                        seen.name(),
                        look.getKey());
            }
        }
        decide(differ);
    }

    /** What fails alone is compared again with the next list; the others do not wait for that. */
    private void decide(List<Inbox.News> differ) {
        try {
            inbox.decide(differ);
        } catch (DatabaseAwayException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.warn("a batch of differences failed and is decided one by one: {}", e.toString());
            differ.forEach(this::decideAlone);
        }
    }

    private void decideAlone(Inbox.News news) {
        try {
            inbox.decide(List.of(news));
        } catch (DatabaseAwayException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.atError()
                    .addKeyValue("job", news.jobId())
                    .log("what differs of it cannot be written: {}", e.toString());
        }
    }

    /** False where it is here, since a creator thawed: its job has its answer, so that it goes. */
    private boolean leftThere(Job row, JobSeen job) {
        if (Objects.equals(gate.identity(), row.identity().lost())) {
            return true;
        }
        if (job.deletionAt() == null && gate.isOpen()) {
            LOG.warn("Job {}/{} was made after its cluster was lost", job.namespace(), job.name());
            delete(job);
        }
        return false;
    }

    /** A namespace may have a webhook that refuses, or hangs: that is nobody else's trouble. */
    private void delete(JobSeen job) {
        try {
            cluster.delete(job.namespace(), job.name(), job.uid());
        } catch (RuntimeException e) {
            LOG.warn("Job {}/{} cannot be deleted: {}", job.namespace(), job.name(), e.toString());
        }
    }

    private Map<JobId, Job> load(List<JobId> ids, Set<String> pods) {
        return progressions.inTransaction(batch -> batch.load(ids, pods));
    }

    private static Drifts.Found found(Drift drift, Job row) {
        String name = row.progress().kubernetesName();
        return new Drifts.Found(drift, row.id(), row.namespace(), name == null ? row.name() : name);
    }
}
