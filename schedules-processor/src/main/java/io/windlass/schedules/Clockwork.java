package io.windlass.schedules;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micronaut.context.annotation.Context;
import io.windlass.service.Loop;
import io.windlass.service.Loops;
import io.windlass.service.Nudges;
import io.windlass.store.Clerk;
import io.windlass.store.Database;
import io.windlass.store.Ledger;
import io.windlass.store.Notifications;
import io.windlass.store.Schedules;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import java.time.Duration;

/**
 * Sleeps until the next instant of any schedule, accounts for what is due, and sleeps again.
 * Several may run: each schedule is one's for the time of one transaction.
 */
@Context
public final class Clockwork {
    /** In one go: whoever ends this process waits for it. */
    private static final Duration LISTENING = Duration.ofSeconds(1);

    private final Ledger ledger;
    private final Clerk clerk;
    private final Keeper keeper;
    private final Nudges nudges;
    private final SchedulesSettings settings;
    private final Loops loops;
    private final Notifications changes;
    private final Timer rounds;
    private final Counter jobs;
    private final Counter setAside;

    Clockwork(
            Ledger ledger,
            Clerk clerk,
            Keeper keeper,
            Nudges nudges,
            SchedulesSettings settings,
            Loops loops,
            Database database,
            MeterRegistry metrics) {
        this.ledger = ledger;
        this.clerk = clerk;
        this.keeper = keeper;
        this.nudges = nudges;
        this.settings = settings;
        this.loops = loops;
        this.changes = new Notifications(database, Schedules.CHANNEL);
        this.rounds = metrics.timer("windlass.schedules.rounds");
        this.jobs = metrics.counter("windlass.schedules.submitted");
        this.setAside = metrics.counter("windlass.set.aside", "where", "ledger");
    }

    @PostConstruct
    void start() {
        Loop clock = loops.add(new Loop("schedules", this::runOnce));
        loops.add(new Loop("schedules-changed", () -> listen(clock)));
    }

    private Duration listen(Loop clock) throws InterruptedException {
        if (changes.await(LISTENING)) {
            clock.wake();
        }
        return Duration.ZERO;
    }

    /** Answers how long there is nothing to do. */
    public Duration runOnce() {
        Timer.Sample sample = Timer.start();
        Clerk.Round looking = clerk.withRoomFor(settings.jobsPerRound());
        Ledger.Round round = ledger.account(settings.perRound(), looking);
        sample.stop(rounds);
        keeper.lookedAt(looking.kept());
        jobs.increment(round.made().size());
        setAside.increment(round.setAside());
        round.clusters().forEach(cluster -> nudges.submitted(cluster, null));
        round.replaced()
                .forEach(job ->
                        nudges.cancelRequested(job.cluster(), job.id(), Ledger.REPLACING, null));
        return round.schedules() == settings.perRound() ? Duration.ZERO : rest();
    }

    private Duration rest() {
        Duration next = ledger.untilNextDue().orElse(settings.longestRest());
        return next.compareTo(settings.longestRest()) < 0 ? next : settings.longestRest();
    }

    @PreDestroy
    void close() {
        changes.close();
    }
}
