package io.windlass.processor;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.windlass.cluster.ClusterAwayException;
import io.windlass.job.Command;
import io.windlass.job.Decider;
import io.windlass.job.Decision;
import io.windlass.job.Input;
import io.windlass.job.Job;
import io.windlass.job.JobId;
import io.windlass.messages.Message;
import io.windlass.service.Machine;
import io.windlass.store.Progressions;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns messages into decisions, a batch in one transaction, and touches nothing but the database.
 */
@Singleton
public final class Inbox {
    private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);
    static final String FOREIGN = "windlass.objects.foreign";

    private static final int STRAYS_AT_ONCE = 4;

    /** What a message tells about which job. */
    record News(JobId jobId, Input input) {}

    private record Written(Job before, Decision decision) {}

    private record Outcome(List<Written> written, Instant now) {}

    private final Progressions progressions;
    private final Decider decider;
    private final Hands hands;
    private final Wakeups wakeups;
    private final Machine machine;
    private final MeterRegistry metrics;
    private final Counter unknown;
    private final Counter lostRaces;
    private final Counter foreign;
    private final Semaphore strays = new Semaphore(STRAYS_AT_ONCE);

    public Inbox(
            Progressions progressions,
            Decider decider,
            Hands hands,
            Wakeups wakeups,
            Machine machine,
            MeterRegistry metrics) {
        this.progressions = progressions;
        this.decider = decider;
        this.hands = hands;
        this.wakeups = wakeups;
        this.machine = machine;
        this.metrics = metrics;
        this.unknown = metrics.counter("windlass.messages.unknown.job");
        this.lostRaces = metrics.counter("windlass.writes.lost");
        this.foreign = metrics.counter(FOREIGN);
    }

    void handle(List<Message> messages) {
        List<News> news = new ArrayList<>();
        for (Message message : messages) {
            switch (message) {
                case Message.Admit admit -> wakeups.room();
                case Message.CancelRequested cancel ->
                        news.add(new News(cancel.jobId(), new Input.CancelRequested(cancel.by())));
                case Message.JobObserved seen ->
                        news.add(
                                new News(
                                        seen.jobId(),
                                        seen.gone()
                                                ? new Input.JobGone(seen.job())
                                                : new Input.JobObserved(seen.job())));
                case Message.JobEventHeard heard ->
                        news.add(new News(heard.jobId(), new Input.JobEventHeard(heard.uid())));
                case Message.PodObserved seen ->
                        news.add(new News(seen.jobId(), new Input.PodObserved(seen.pod())));
            }
        }
        decide(news);
    }

    void decide(List<News> unsorted) {
        if (unsorted.isEmpty()) {
            return;
        }
        // in id order, so that two batches cannot wait for each other
        List<News> news = unsorted.stream().sorted(Comparator.comparing(News::jobId)).toList();
        Outcome outcome = tryToDecide(news);
        while (outcome == null) {
            lostRaces.increment();
            outcome = tryToDecide(news);
        }
        for (Written step : outcome.written()) {
            wakeups.committed(step.before(), step.decision(), outcome.now());
            count(step);
            deleteStrays(step);
        }
    }

    private void count(Written step) {
        foreign.increment(step.decision().foreign());
        EndedJobs.count(metrics, step.before(), step.decision());
    }

    private @Nullable Outcome tryToDecide(List<News> news) {
        try {
            return progressions.inTransaction(batch -> decide(batch, news));
        } catch (Progressions.RaceLostException e) {
            return null;
        }
    }

    private Outcome decide(Progressions.Batch batch, List<News> news) {
        Map<JobId, Job> jobs =
                batch.loadLocked(
                        news.stream().map(News::jobId).distinct().toList(),
                        news.stream()
                                .flatMap(item -> item.input().pods().stream())
                                .collect(Collectors.toSet()));
        List<Progressions.Step> steps = new ArrayList<>();
        List<Written> written = new ArrayList<>();
        for (News item : news) {
            Job job = jobs.get(item.jobId());
            if (job == null) {
                unknown.increment();
                LOG.atInfo()
                        .addKeyValue("job", item.jobId())
                        .log("is not known here; what was seen of it is ignored");
                continue;
            }
            Decision decision = decider.decide(job, item.input(), batch.now());
            steps.add(new Progressions.Step(job, decision));
            written.add(new Written(job, decision));
            jobs.put(job.id(), job.after(decision));
        }
        if (!batch.write(steps).isEmpty()) {
            throw new Progressions.RaceLostException();
        }
        return new Outcome(written, batch.now());
    }

    /**
     * Not from the row, since it knows no second uid: who does not come to it is told of the stray
     * again.
     */
    private void deleteStrays(Written step) {
        for (Command command : step.decision().commands()) {
            if (command instanceof Command.DeleteStray stray && strays.tryAcquire()) {
                machine.execute(() -> {
                    try {
                        hands.deleteStray(step.before(), stray);
                    } catch (ClusterAwayException e) {
                        LOG.atWarn()
                                .addKeyValue("job", step.before().id())
                                .log("{}", e.getMessage());
                    } finally {
                        strays.release();
                    }
                });
            }
        }
    }
}
