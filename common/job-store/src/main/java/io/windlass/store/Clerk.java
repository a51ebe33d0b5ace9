package io.windlass.store;

import io.windlass.job.FieldError;
import io.windlass.job.JobId;
import io.windlass.job.JobSpec;
import io.windlass.job.PodObjections;
import io.windlass.job.PodPolicies;
import io.windlass.schedule.Account;
import io.windlass.schedule.Account.Cause;
import io.windlass.schedule.Account.Entry;
import io.windlass.schedule.Account.Verdict;
import io.windlass.schedule.Accountant;
import io.windlass.schedule.Calendar;
import io.windlass.schedule.CatchUp;
import io.windlass.schedule.Keep;
import io.windlass.schedule.Planned;
import io.windlass.schedule.Schedule;
import io.windlass.schedule.ScheduleReader;
import io.windlass.schedule.Zones;
import io.windlass.store.Schedules.StoredSchedule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what is decided of a schedule's instants into lines of the ledger and jobs. */
public final class Clerk {
    private static final Logger LOG = LoggerFactory.getLogger(Clerk.class);

    /** Nobody looks at a schedule less often: what it keeps gets old, whatever is planned. */
    private static final Duration LONGEST_REST = Duration.ofHours(12);

    /** Of a run that nobody has seen the end of yet. */
    private static final Duration USUAL_RUN = Duration.ofHours(1);

    /** A schedule that has more behind it than one look gets through: it cannot be changed yet. */
    public static final class BehindException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BehindException(StoredSchedule schedule) {
            super(schedule.namespace() + "/" + schedule.name(), null, false, false);
        }
    }

    private final Accountant accountant;
    private final Zones zones;
    private final PodPolicies policies;
    private final Function<Instant, JobId> ids;

    public Clerk(
            Accountant accountant,
            Zones zones,
            PodPolicies policies,
            Function<Instant, JobId> ids) {
        this.accountant = accountant;
        this.zones = zones;
        this.policies = policies;
        this.ids = ids;
    }

    /** For one transaction, in which so many jobs are made at most. */
    public Round withRoomFor(int jobs) {
        return new Round(jobs);
    }

    /**
     * For a transaction in which schedules become others.
     *
     * @param next what each of them becomes
     */
    public Ledger.Accounting handingOver(Function<StoredSchedule, Calendar> next) {
        return (due, now) -> {
            StoredSchedule stored = due.schedule();
            return switch (read(stored)) {
                case ScheduleReader.Result.Read(Schedule schedule, Calendar calendar) -> {
                    Account account =
                            accountant
                                    .handOver(
                                            schedule,
                                            calendar,
                                            standing(due),
                                            now,
                                            CatchUp.MOST,
                                            next.apply(stored))
                                    .orElseThrow(() -> new BehindException(stored));
                    yield posting(due, schedule, calendar, account, now);
                }
                case ScheduleReader.Result.Wrong wrong -> nothing(stored, now);
            };
        };
    }

    /** Counts the jobs that it makes, and remembers what those schedules keep that it looked at. */
    public final class Round implements Ledger.Accounting {
        private final Map<UUID, Keep> kept = new HashMap<>();
        private final int jobs;
        private int room;

        private Round(int jobs) {
            this.jobs = jobs;
            this.room = jobs;
        }

        @Override
        public void begin() {
            room = jobs;
        }

        public Map<UUID, Keep> kept() {
            return Map.copyOf(kept);
        }

        @Override
        public Ledger.Posting of(Ledger.Due due, Instant now) {
            StoredSchedule stored = due.schedule();
            if (room == 0) {
                return nothing(stored, now);
            }
            try {
                return look(due, now);
            } catch (RuntimeException e) {
                // one that this code cannot cope with must not keep the others of its round waiting
                LOG.debug("schedule {}/{}", stored.namespace(), stored.name(), e);
                return Ledger.Posting.failed(stored.id(), e.toString());
            }
        }

        private Ledger.Posting look(Ledger.Due due, Instant now) {
            StoredSchedule stored = due.schedule();
            return switch (read(stored)) {
                case ScheduleReader.Result.Read(Schedule schedule, Calendar calendar) -> {
                    kept.put(stored.id(), schedule.keep());
                    Account account =
                            accountant.account(schedule, calendar, standing(due), now, room);
                    Ledger.Posting posting = posting(due, schedule, calendar, account, now);
                    room -= (int) posting.lines().stream().filter(l -> l.job() != null).count();
                    yield posting;
                }
                case ScheduleReader.Result.Wrong(List<FieldError> errors) ->
                        Ledger.Posting.failed(
                                stored.id(),
                                "it cannot be read: "
                                        + Objects.requireNonNullElse(
                                                stored.unreadable(),
                                                errors.getFirst().pointer()
                                                        + " "
                                                        + errors.getFirst().message()));
            };
        }
    }

    /** Of its ended jobs; empty where the schedule cannot be read. */
    public Optional<Keep> keeps(StoredSchedule stored) {
        return read(stored) instanceof ScheduleReader.Result.Read read
                ? Optional.of(read.schedule().keep())
                : Optional.empty();
    }

    private static Accountant.Standing standing(Ledger.Due due) {
        return new Accountant.Standing(
                due.schedule().accountedUntil(), due.unfinished().size(), due.waiting());
    }

    private Ledger.Posting posting(
            Ledger.Due due, Schedule schedule, Calendar calendar, Account account, Instant now) {
        StoredSchedule stored = due.schedule();
        List<Ledger.Line> lines = new ArrayList<>();
        boolean replaces = false;
        for (Entry entry : account.entries()) {
            Ledger.Line line = line(entry, stored, schedule, calendar, now);
            lines.add(line);
            replaces |= line.job() != null && entry instanceof Entry.Submit s && s.replaces();
        }
        return new Ledger.Posting(
                stored.id(),
                lines,
                replaces ? due.unfinished() : List.of(),
                account.accountedUntil(),
                sooner(account.nextDue(), longestRest(stored, now)),
                schedule.paused() ? null : overdue(stored, schedule, calendar).orElse(null));
    }

    private static Instant sooner(Optional<Instant> one, Instant other) {
        return one.filter(other::isAfter).orElse(other);
    }

    /** Not of all at once, though they were made at once. */
    private static Instant longestRest(StoredSchedule stored, Instant now) {
        long spread = Math.floorMod(stored.id().hashCode(), LONGEST_REST.toSeconds());
        return now.plus(LONGEST_REST).plusSeconds(spread);
    }

    private static Optional<Instant> overdue(
            StoredSchedule stored, Schedule schedule, Calendar calendar) {
        Instant success = stored.health().lastSuccessAt();
        Instant changed = stored.changedAt();
        Duration took = stored.health().took();
        Duration timeout = schedule.job().timeout();
        return Accountant.overdue(
                calendar,
                success == null || success.isBefore(changed) ? changed : success,
                took != null ? took : timeout.compareTo(USUAL_RUN) < 0 ? timeout : USUAL_RUN);
    }

    static Ledger.Posting nothing(StoredSchedule stored, Instant next) {
        return new Ledger.Posting(
                stored.id(),
                List.of(),
                List.of(),
                stored.accountedUntil(),
                next,
                stored.health().overdueAt());
    }

    private ScheduleReader.Result read(StoredSchedule stored) {
        return ScheduleReader.read(stored.tree(), stored.cluster(), zones);
    }

    private Ledger.Line line(
            Entry entry, StoredSchedule stored, Schedule schedule, Calendar calendar, Instant now) {
        return switch (entry) {
            case Entry.Resolve(Entry waited) -> line(waited, stored, schedule, calendar, now);
            case Entry.Wait(Instant at) ->
                    new Ledger.Line(at, at, 1, Verdict.WAITING, null, null, null, null);
            case Entry.Without without -> Ledger.Line.without(without);
            case Entry.Submit(Instant at, Duration lateBy, boolean replaces) -> {
                Optional<String> refusal = refusal(schedule.job());
                yield refusal.isPresent()
                        ? new Ledger.Line(
                                at,
                                at,
                                1,
                                Cause.REFUSED.verdict(),
                                Cause.REFUSED,
                                refusal.get(),
                                null,
                                null)
                        : new Ledger.Line(
                                at,
                                at,
                                1,
                                Verdict.SUBMITTED,
                                null,
                                note(calendar, at),
                                lateBy,
                                job(stored, schedule, at, now));
            }
        };
    }

    /** What the clocks did there, for who wonders about the time of a run. */
    private static @Nullable String note(Calendar calendar, Instant at) {
        return calendar.after(at.minusNanos(1))
                .filter(planned -> planned.at().equals(at))
                .map(Planned::note)
                .filter(note -> note != Planned.Note.NONE)
                .map(Planned.Note::text)
                .orElse(null);
    }

    /** The policy of now: it may have become stricter since the schedule was made. */
    private Optional<String> refusal(JobSpec spec) {
        List<FieldError> objections = PodObjections.to(spec, policies.of(spec.namespace()));
        return objections.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        Cause.REFUSED.text()
                                + ": /job"
                                + objections.getFirst().pointer()
                                + " "
                                + objections.getFirst().message());
    }

    private NewJob job(StoredSchedule stored, Schedule schedule, Instant plannedAt, Instant now) {
        return NewJob.planned(
                ids.apply(now),
                schedule.job(),
                "schedule " + schedule.identity(),
                new NewJob.Origin(stored.id(), plannedAt));
    }
}
