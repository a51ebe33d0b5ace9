package io.windlass.jobstatus;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import io.windlass.cluster.ClusterSettings;
import io.windlass.cluster.SeenReader;
import io.windlass.cluster.Watch;
import io.windlass.cluster.WatchedHealth;
import io.windlass.cluster.Watches;
import io.windlass.job.JobSeen;
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
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** Turns what the Job watch tells into observations, where it could matter to a decision. */
@Context
final class JobWatcher implements ResourceEventHandler<Job> {
    private static final Duration TEND = Duration.ofSeconds(1);

    private final Observer observer;
    private final List<Watch<Job>> watches;
    private final Loops loops;

    JobWatcher(
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
                        "job-observations",
                        queues.observations(cluster.name()),
                        codec,
                        installation,
                        cluster.name(),
                        Clock.systemUTC(),
                        machine,
                        metrics);
        this.watches = watches.jobs(this);
        this.loops = loops;
        health.watch("jobs", this.watches);
        metrics.gauge("windlass.observations.waiting.jobs", observer, o -> o.waiting().size());
        FunctionCounter.builder(
                        "windlass.observations.dropped.jobs", observer, o -> o.waiting().dropped())
                .register(metrics);
    }

    @PostConstruct
    void start() {
        loops.add(observer.loop());
        loops.add(new Loop("job-watch", this::tend));
    }

    private Duration tend() {
        watches.forEach(Watch::tend);
        return TEND;
    }

    @PreDestroy
    void stop() {
        watches.forEach(Watch::close);
    }

    @Override
    public void onAdd(Job job) {
        tell(job, false);
    }

    /**
     * Counts change with every pod; only conditions, a deletion or another uid can decide anything,
     * and after the end only that it goes.
     */
    @Override
    public void onUpdate(Job before, Job job) {
        JobSeen old = SeenReader.job(before);
        JobSeen now = SeenReader.job(job);
        if (!same(old, now)) {
            tell(job, false);
        }
    }

    private static boolean same(JobSeen old, JobSeen now) {
        boolean asDecisive =
                old.decisive().equals(now.decisive())
                        && (old.deletionAt() == null) == (now.deletionAt() == null);
        return old.uid().equals(now.uid()) && (old.finished() || asDecisive);
    }

    @Override
    public void onDelete(Job job, boolean finalStateUnknown) {
        tell(job, true);
    }

    private void tell(Job job, boolean gone) {
        JobSeen seen = SeenReader.job(job);
        SeenReader.jobId(job)
                .ifPresent(id ->
                        observer.seen(
                                seen.uid(),
                                new Message.JobObserved(id, seen, gone),
                                SeenReader.traceparent(job)));
        if (seen.finished()) {
            observer.hurry();
        }
    }
}
