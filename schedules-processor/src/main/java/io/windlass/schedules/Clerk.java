package io.windlass.schedules;

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
import io.windlass.schedule.Schedule;
import io.windlass.schedule.ScheduleReader;
import io.windlass.schedule.Zones;
import io.windlass.store.Ledger;
import io.windlass.store.NewJob;
import io.windlass.store.Schedules.StoredSchedule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what is decided of a schedule's instants into lines of the ledger and jobs. */
final class Clerk {
    private static final Logger LOG = LoggerFactory.getLogger(Clerk.class);

    /** A schedule that cannot be read, for want of its zone perhaps, is tried again. */
    private static final Duration UNREADABLE = Duration.ofMinutes(1);

    private final Accountant accountant;
    private final Zones zones;
    private final PodPolicies policies;
    private final Function<Instant, JobId> ids;

    Clerk(Accountant accountant, Zones zones, PodPolicies policies, Function<Instant, JobId> ids) {
        this.accountant = accountant;
        this.zones = zones;
        this.policies = policies;
        this.ids = ids;
    }

    /** For one transaction, in which so many jobs are made at most. */
    Ledger.Accounting withRoomFor(int jobs) {
        return new Round(jobs)::post;
    }

    private final class Round {
        private int room;

        Round(int room) {
            this.room = room;
        }

        Ledger.Posting post(Ledger.Due due, Instant now) {
            StoredSchedule stored = due.schedule();
            if (room == 0) {
                return nothing(stored, now);
            }
            return switch (read(stored)) {
                case ScheduleReader.Result.Read(Schedule schedule, Calendar calendar) ->
                        post(due, schedule, calendar, now);
                case ScheduleReader.Result.Wrong(List<FieldError> errors) -> {
                    LOG.error(
                            "schedule {}/{} cannot be read, its instants wait: {}",
                            stored.namespace(),
                            stored.name(),
                            errors);
                    yield nothing(stored, now.plus(UNREADABLE));
                }
            };
        }

        private Ledger.Posting post(
                Ledger.Due due, Schedule schedule, Calendar calendar, Instant now) {
            StoredSchedule stored = due.schedule();
            Account account =
                    accountant.account(
                            schedule,
                            calendar,
                            new Accountant.Standing(
                                    stored.accountedUntil(),
                                    due.unfinished().size(),
                                    due.waiting()),
                            now,
                            room);
            List<Ledger.Line> lines = new ArrayList<>();
            boolean replaces = false;
            for (Entry entry : account.entries()) {
                Ledger.Line line = line(entry, stored, schedule, now);
                lines.add(line);
                room -= line.job() == null ? 0 : 1;
                replaces |= line.job() != null && entry instanceof Entry.Submit s && s.replaces();
            }
            return new Ledger.Posting(
                    stored.id(),
                    lines,
                    replaces ? due.unfinished() : List.of(),
                    account.accountedUntil(),
                    account.nextDue().orElse(null));
        }
    }

    private static Ledger.Posting nothing(StoredSchedule stored, Instant next) {
        return new Ledger.Posting(stored.id(), List.of(), List.of(), stored.accountedUntil(), next);
    }

    private ScheduleReader.Result read(StoredSchedule stored) {
        return ScheduleReader.read(stored.tree(), stored.cluster(), zones);
    }

    private Ledger.Line line(Entry entry, StoredSchedule stored, Schedule schedule, Instant now) {
        return switch (entry) {
            case Entry.Resolve(Entry waited) -> line(waited, stored, schedule, now);
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
                                null,
                                lateBy,
                                job(stored, schedule, at, now));
            }
        };
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
