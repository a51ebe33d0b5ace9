package io.windlass.processor;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import io.windlass.cluster.Cluster;
import io.windlass.cluster.ClusterAwayException;
import io.windlass.cluster.ClusterSettings;
import io.windlass.job.Command;
import io.windlass.job.Decider;
import io.windlass.job.Decision;
import io.windlass.job.Input;
import io.windlass.job.Job;
import io.windlass.job.JobId;
import io.windlass.job.Look;
import io.windlass.service.Loop;
import io.windlass.service.Loops;
import io.windlass.service.Machine;
import io.windlass.store.Checks;
import io.windlass.store.DatabaseAwayException;
import io.windlass.store.Progressions;
import io.windlass.store.StoreException;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds jobs whose check is due and does for each what is to be done: looks, creates, deletes. All
 * work in the cluster begins here, from the row alone, so that it is found again whatever is lost.
 */
@Context
public final class Sweep {
    private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);
    private static final int MANY = 200;
    private static final int MOST_STEPS = 12;
    private static final int MOST_TRIES = 5;

    /**
     * A decision with the clock it was made by; {@code job} is what it was made from.
     *
     * @param demand for a look, as the row has it once this was decided
     */
    private record Decided(Job job, Decision decision, Instant now, @Nullable Instant demand) {}

    /**
     * How the row was when a call began.
     *
     * @param again a look had been taken before
     */
    private record Asked(Job job, boolean again) {}

    private final Checks checks;
    private final Progressions progressions;
    private final Decider decider;
    private final Hands hands;
    private final Cluster kubernetes;
    private final ClusterGate gate;
    private final ChecksSettings settings;
    private final String cluster;
    private final Wakeups wakeups;
    private final Loops loops;
    private final Machine machine;
    private final Slots slots;
    private final Counter lostRaces;
    private final MeterRegistry metrics;
    private final Counter foreign;
    private final Counter setAside;

    public Sweep(
            Checks checks,
            Progressions progressions,
            Decider decider,
            Hands hands,
            Cluster kubernetes,
            ClusterGate gate,
            ChecksSettings settings,
            ClusterSettings cluster,
            Wakeups wakeups,
            Loops loops,
            Machine machine,
            MeterRegistry metrics) {
        this.checks = checks;
        this.progressions = progressions;
        this.decider = decider;
        this.hands = hands;
        this.kubernetes = kubernetes;
        this.gate = gate;
        this.settings = settings;
        this.cluster = cluster.name();
        this.wakeups = wakeups;
        this.loops = loops;
        this.machine = machine;
        this.slots = new Slots(settings.parallel());
        this.lostRaces = metrics.counter("windlass.writes.lost");
        this.metrics = metrics;
        this.foreign = metrics.counter(Inbox.FOREIGN);
        this.setAside = metrics.counter("windlass.set.aside", "where", "checks");
        metrics.gauge("windlass.checks.in.flight", slots, Slots::taken);
    }

    @PostConstruct
    void start() {
        Loop loop = loops.add(new Loop("sweep", this::runOnce));
        wakeups.whenDue(loop::wake);
    }

    /** What has been begun is finished, or found again when its lease is over. */
    @PreDestroy
    void stop() throws InterruptedException {
        if (!slots.awaitNoneTaken(settings.lease())) {
            LOG.warn("some checks have not ended; they are done again elsewhere");
        }
    }

    public Duration runOnce() throws InterruptedException {
        if (!gate.isOpen()) {
            return settings.poll();
        }
        Checks.Places places = slots.free();
        if (places.all().free() <= 0) {
            return settings.poll();
        }
        Checks.Lease lease = checks.lease(cluster, settings.lease(), places);
        if (!lease.more()) {
            slots.enough();
        }
        if (lease.jobs().isEmpty()) {
            return settings.poll();
        }
        boolean behind = lease.more() && checks.overdue(cluster, MANY + 1) > MANY;
        Map<JobId, Look> listed = behind ? listed(lease) : Map.of();
        for (Job job : lease.jobs()) {
            Slots.Slot slot = new Slots.Slot(job.namespace(), job.mayPost(lease.now()));
            boolean failedBefore = lease.setAside().contains(job.id());
            slots.take(slot);
            machine.execute(
                    () -> check(job, listed.get(job.id()), lease.now(), slot, failedBefore));
        }
        return lease.more() ? Duration.ZERO : settings.poll();
    }

    /**
     * Far behind, two lists are cheaper than two calls for each; whoever is not in them is asked
     * for by itself.
     */
    private Map<JobId, Look> listed(Checks.Lease lease) {
        boolean worthIt =
                lease.jobs().stream()
                                .filter(job -> !job.state().terminal())
                                .filter(job -> job.progress().kubernetesUid() != null)
                                .count()
                        > 4;
        try {
            return worthIt ? kubernetes.lookAtAll() : Map.of();
        } catch (ClusterAwayException e) {
            LOG.warn("the cluster's Jobs cannot be listed: {}", e.getMessage());
            return Map.of();
        }
    }

    private void check(
            Job job, @Nullable Look listed, Instant now, Slots.Slot slot, boolean failedBefore) {
        try {
            run(job, listed, now);
            if (failedBefore) {
                checks.wentWell(job.id());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (DatabaseAwayException e) {
            LOG.atWarn()
                    .addKeyValue("job", job.id())
                    .log("its check failed and is done again: {}", e.toString());
        } catch (RuntimeException e) {
            LOG.atWarn().addKeyValue("job", job.id()).setCause(e).log("its check is set aside");
            setAside(job.id(), e);
        } finally {
            if (slots.giveBack(slot)) {
                wakeups.due();
            }
        }
    }

    private void setAside(JobId id, RuntimeException why) {
        setAside.increment();
        try {
            checks.setAside(id, why.toString());
        } catch (DatabaseAwayException | StoreException e) {
            LOG.atWarn().addKeyValue("job", id).log("it cannot be set aside: {}", e.getMessage());
        }
    }

    void run(Job job, @Nullable Look listed, Instant now) throws InterruptedException {
        Decided decided = first(job, now);
        boolean looked = false;
        for (int step = 0; step < MOST_STEPS && !decided.decision().commands().isEmpty(); step++) {
            Command command = decided.decision().commands().getFirst();
            boolean byTheList =
                    command instanceof Command.TakeLook && step == 0 && tellsEnough(decided);
            Look told = byTheList ? listed : null;
            Input result =
                    told == null
                            ? hands.carryOut(decided.job(), command, decided.now(), gate.identity())
                            : new Input.Looked(told);
            if (result instanceof Input.Looked look) {
                result = look.answering(decided.demand());
            }
            decided = decideAndWrite(job.id(), result, new Asked(decided.job(), looked));
            looked |= result instanceof Input.Looked;
        }
    }

    /** A list has no events, and of what has failed it does not tell why. */
    private static boolean tellsEnough(Decided decided) {
        Job job = decided.job();
        return !job.state().terminal()
                && (decided.demand() == null || !job.progress().desired().isRun());
    }

    /** Most first decisions only say what is to be done: the lease already stands for the write. */
    private Decided first(Job job, Instant now) throws InterruptedException {
        Decision decision = decider.decide(job, new Input.Due(), now);
        return decision.evidence() == null && !decision.commands().isEmpty()
                ? new Decided(job, decision, now, job.progress().lookWantedAt())
                : decideAndWrite(job.id(), new Input.Due(), new Asked(job, false));
    }

    private Decided decideAndWrite(JobId id, Input input, Asked asked) throws InterruptedException {
        Optional<Decided> decided = persistently(id, input, asked);
        while (decided.isEmpty()) {
            lostRaces.increment();
            decided = persistently(id, input, asked);
        }
        Decided done = decided.get();
        foreign.increment(done.decision().foreign());
        EndedJobs.count(metrics, done.job(), done.decision());
        wakeups.committed(done.job(), done.decision(), done.now());
        return new Decided(
                done.job().after(done.decision()), done.decision(), done.now(), done.demand());
    }

    /**
     * What came of a call is worth some patience: if it is not written, the call is made again by
     * another.
     */
    private Optional<Decided> persistently(JobId id, Input input, Asked asked)
            throws InterruptedException {
        for (int tries = 1; tries < MOST_TRIES; tries++) {
            try {
                return tryToWrite(id, input, asked);
            } catch (DatabaseAwayException e) {
                LOG.atDebug().addKeyValue("job", id).log("{}", e.getMessage());
                machine.sleep(settings.retry());
            }
        }
        return tryToWrite(id, input, asked);
    }

    /** Empty where another was faster. */
    private Optional<Decided> tryToWrite(JobId id, Input input, Asked asked) {
        return progressions.inTransaction(batch -> {
            Job fresh = batch.loadLocked(List.of(id)).get(id);
            if (fresh == null) {
                throw new IllegalStateException("its row is gone");
            }
            if (input instanceof Input.Looked looked && isOutdated(fresh, looked.look(), asked)) {
                return Optional.of(
                        new Decided(
                                fresh,
                                lookAgain(fresh),
                                batch.now(),
                                fresh.progress().lookWantedAt()));
            }
            Decision decision =
                    decider.decide(
                            fresh,
                            input instanceof Input.Looked looked
                                            && isOfAnother(fresh, looked.look(), asked)
                                    ? new Input.Due()
                                    : input,
                            batch.now());
            Progressions.Step step = new Progressions.Step(fresh, decision);
            boolean toWrite = decision.evidence() != null || decision.commands().isEmpty();
            return toWrite && !batch.write(List.of(step)).isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            new Decided(
                                    fresh,
                                    decision,
                                    batch.now(),
                                    (toWrite ? decision.next() : fresh.progress()).lookWantedAt()));
        });
    }

    /**
     * A watch may tell of a pod before a look is written down that had begun earlier. Twice the
     * same is true, where nothing was told in between: a cluster that was restored brings pods
     * back.
     */
    private static boolean isOutdated(Job fresh, Look look, Asked asked) {
        boolean sure =
                asked.again() && Set.copyOf(asked.job().pods()).equals(Set.copyOf(fresh.pods()));
        return !sure && !isOfAnother(fresh, look, asked) && fresh.knowsMoreThan(look);
    }

    /**
     * It found no Job, and one was told since; or its cluster was declared lost since, and it may
     * have been taken in the next one.
     */
    private static boolean isOfAnother(Job fresh, Look look, Asked asked) {
        boolean madeMeanwhile =
                look.job() == null
                        && asked.job().progress().kubernetesUid() == null
                        && fresh.progress().kubernetesUid() != null;
        return madeMeanwhile
                || !Objects.equals(asked.job().identity().lost(), fresh.identity().lost());
    }

    private static Decision lookAgain(Job fresh) {
        return new Decision(
                fresh.progress(), List.of(), List.of(new Command.TakeLook()), null, Set.of(), 0);
    }
}
