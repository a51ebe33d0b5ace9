package io.windlass.schedule;

import io.windlass.schedule.Account.Cause;
import io.windlass.schedule.Account.Entry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Gives every instant that has come its line in the ledger. */
public final class Accountant {
    /** In one go; what is more comes in the next. */
    private static final int MOST_AT_ONCE = 10_000;

    /** A paused schedule is accounted for this often, so that its ledger is not silent. */
    private static final Duration WHILE_PAUSED = Duration.ofHours(1);

    /** What is not later than this is on time, whatever catchUp says. */
    public record Rules(Duration onTime, int longestQueue) {}

    /** What a cluster and a queue may take besides. */
    private static final Duration GRACE = Duration.ofMinutes(1);

    /** Who waits for the run before it is looked at this often. */
    private static final Duration WHILE_WAITING = Duration.ofSeconds(1);

    /**
     * How a schedule stands; accounted for is what was planned up to then.
     *
     * @param unfinished how many of its jobs have not ended
     * @param waiting the instants that wait for the run before them, in their order
     */
    public record Standing(Instant accountedUntil, int unfinished, List<Instant> waiting) {}

    private final Rules rules;

    public Accountant(Rules rules) {
        this.rules = rules;
    }

    /**
     * What comes of all instants that have come.
     *
     * @param most how many jobs may be made; what is more is left for the next look
     */
    public Account account(
            Schedule schedule, Calendar calendar, Standing standing, Instant now, int most) {
        Round round = new Round(schedule, calendar, now, standing.unfinished());
        standing.waiting().forEach(round::resolve);
        int ahead = schedule.catchUp().most();
        List<Planned> come = come(calendar, standing.accountedUntil(), now, MOST_AT_ONCE + ahead);
        boolean all = come.size() < MOST_AT_ONCE + ahead;
        // of the last ones nobody can tell yet how many come after them
        int these = all ? come.size() : MOST_AT_ONCE;
        int done = 0;
        while (done < these && round.jobs < most) {
            round.decide(come.get(done).at(), come.size() - done);
            done++;
        }
        Instant until = done == 0 ? standing.accountedUntil() : come.get(done - 1).at();
        Optional<Instant> next = next(schedule, calendar, until, done == come.size(), now);
        return new Account(
                round.entries(), until, round.waiting > 0 ? Optional.of(soon(next, now)) : next);
    }

    /**
     * What comes of all instants that have come before a schedule becomes another: the same as
     * ever. Those that it had planned already for later, and that the other comes too late for,
     * have gone with the change. Empty where there are too many for one look.
     */
    public Optional<Account> handOver(
            Schedule schedule,
            Calendar calendar,
            Standing standing,
            Instant now,
            int most,
            Calendar next) {
        Account account = account(schedule, calendar, standing, now, most);
        if (!come(calendar, account.accountedUntil(), now, 1).isEmpty()) {
            return Optional.empty();
        }
        Instant begins = now.minus(next.delay());
        List<Planned> gone = new ArrayList<>();
        Optional<Planned> one = calendar.after(account.accountedUntil());
        while (one.isPresent() && !one.get().at().isAfter(begins)) {
            gone.add(one.get());
            one = calendar.after(one.get().at());
        }
        List<Entry> entries = new ArrayList<>(account.entries());
        if (!gone.isEmpty()) {
            Cause cause = schedule.paused() ? Cause.PAUSED : Cause.CHANGED;
            entries.add(
                    new Entry.Without(
                            gone.getFirst().at(), gone.getLast().at(), gone.size(), cause));
        }
        Instant until = account.accountedUntil();
        return Optional.of(
                new Account(entries, begins.isAfter(until) ? begins : until, Optional.of(now)));
    }

    private static Instant soon(Optional<Instant> next, Instant now) {
        Instant soon = now.plus(WHILE_WAITING);
        return next.filter(soon::isAfter).orElse(soon);
    }

    private static List<Planned> come(Calendar calendar, Instant after, Instant now, int most) {
        List<Planned> out = new ArrayList<>();
        Optional<Planned> next = calendar.after(after);
        while (next.isPresent()
                && out.size() < most
                && !calendar.due(next.get().at()).isAfter(now)) {
            out.add(next.get());
            next = calendar.after(next.get().at());
        }
        return out;
    }

    private static Optional<Instant> next(
            Schedule schedule, Calendar calendar, Instant until, boolean all, Instant now) {
        if (!all) {
            return Optional.of(now);
        }
        Optional<Instant> due = calendar.after(until).map(planned -> calendar.due(planned.at()));
        Instant later = now.plus(WHILE_PAUSED);
        return schedule.paused() ? due.map(d -> d.isBefore(later) ? later : d) : due;
    }

    /**
     * When a success is missed, if none comes: once the second instant after the last one has come
     * and what a run takes has passed twice; a run that lasts longer than it is to the next one is
     * no reason to worry.
     *
     * @param base the last success, or since when there might have been one
     * @param takes how long a run takes
     */
    public static Optional<Instant> overdue(Calendar calendar, Instant base, Duration takes) {
        List<Planned> two = calendar.after(base, 2);
        return two.size() < 2
                ? Optional.empty()
                : Optional.of(
                        calendar.due(two.getLast().at()).plus(takes.multipliedBy(2)).plus(GRACE));
    }

    /** One look at a schedule: what was decided for an instant bears on the next. */
    private final class Round {
        private final Schedule schedule;
        private final Calendar calendar;
        private final Instant now;
        private final List<Entry> entries = new ArrayList<>();
        private int unfinished;
        private int waiting;
        private int jobs;

        Round(Schedule schedule, Calendar calendar, Instant now, int unfinished) {
            this.schedule = schedule;
            this.calendar = calendar;
            this.now = now;
            this.unfinished = unfinished;
        }

        List<Entry> entries() {
            return List.copyOf(entries);
        }

        /** Of one that waited: it goes on waiting unless there is something to say of it now. */
        void resolve(Instant planned) {
            Duration lateBy = Duration.between(calendar.due(planned), now);
            if (schedule.paused()) {
                resolve(new Entry.Without(planned, planned, 1, Cause.PAUSED));
            } else if (tooLate(lateBy)) {
                resolve(new Entry.Without(planned, planned, 1, Cause.DEADLINE));
            } else if (unfinished == 0) {
                unfinished++;
                jobs++;
                resolve(new Entry.Submit(planned, lateBy, false));
            } else {
                waiting++;
            }
        }

        private void resolve(Entry entry) {
            entries.add(new Entry.Resolve(entry));
        }

        private boolean tooLate(Duration lateBy) {
            Duration deadline = schedule.startingDeadline();
            return deadline != null && lateBy.compareTo(deadline) > 0;
        }

        /**
         * @param left how many have come from this one on, itself among them
         */
        void decide(Instant planned, int left) {
            Duration lateBy = Duration.between(calendar.due(planned), now);
            Cause cause = cause(lateBy, left);
            if (cause != null) {
                without(planned, cause);
            } else if (schedule.concurrency() == Concurrency.QUEUE
                    && (unfinished > 0 || waiting > 0)) {
                waiting++;
                entries.add(new Entry.Wait(planned));
            } else {
                boolean replaces = schedule.concurrency() == Concurrency.REPLACE && unfinished > 0;
                unfinished++;
                jobs++;
                entries.add(new Entry.Submit(planned, lateBy, replaces));
            }
        }

        private @Nullable Cause cause(Duration lateBy, int left) {
            boolean late = lateBy.compareTo(rules.onTime()) > 0;
            if (schedule.paused()) {
                return Cause.PAUSED;
            }
            if (tooLate(lateBy)) {
                return Cause.DEADLINE;
            }
            if (late && left > schedule.catchUp().most()) {
                return schedule.catchUp() instanceof CatchUp.None ? Cause.LATE : Cause.SUPERSEDED;
            }
            return switch (schedule.concurrency()) {
                case ALLOW -> null;
                case FORBID -> unfinished > 0 ? Cause.STILL_RUNNING : null;
                case REPLACE -> left > 1 ? Cause.REPLACED : null;
                case QUEUE -> waiting >= rules.longestQueue() ? Cause.QUEUE_FULL : null;
            };
        }

        private void without(Instant planned, Cause cause) {
            if (!entries.isEmpty()
                    && entries.getLast() instanceof Entry.Without before
                    && before.cause() == cause) {
                entries.set(
                        entries.size() - 1,
                        new Entry.Without(
                                before.plannedAt(), planned, before.instants() + 1, cause));
            } else {
                entries.add(new Entry.Without(planned, planned, 1, cause));
            }
        }
    }
}
