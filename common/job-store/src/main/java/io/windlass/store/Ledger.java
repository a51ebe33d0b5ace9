package io.windlass.store;

import io.windlass.job.Decider;
import io.windlass.job.Job;
import io.windlass.job.JobId;
import io.windlass.schedule.Account.Cause;
import io.windlass.schedule.Account.Entry;
import io.windlass.schedule.Account.Verdict;
import io.windlass.schedule.Concurrency;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * What became of the instants of schedules. A line, the job that it made and where its schedule
 * then stands are one transaction, under the lock of the schedule's row: so no instant is lost, and
 * none is there twice.
 */
public final class Ledger {
    /** Who ends a run that is replaced. */
    public static final String REPLACING = "its schedule, for the next run";

    private static final String DUE =
            Schedules.COLUMNS
                    + " where next_due <= :now order by next_due limit :most for no key update of schedule skip locked";

    private static final String UNFINISHED =
            """
            select schedule_id, job_id from job_state
            where schedule_id = any(:ids) and finished_at is null order by job_id
            """;

    private static final String WAITING =
            """
            select schedule_id, planned_at from schedule_run
            where schedule_id = any(:ids) and verdict = 'WAITING' order by planned_at
            """;

    /**
     * A schedule whose time has come, locked until the end of the transaction.
     *
     * @param unfinished runs that have not ended; none are told where they do not matter
     */
    public record Due(
            Schedules.StoredSchedule schedule, List<JobId> unfinished, List<Instant> waiting) {}

    /** One verdict; the job, where one is made, comes with it. */
    public record Line(
            Instant plannedAt,
            Instant until,
            int instants,
            Verdict verdict,
            @Nullable Cause cause,
            @Nullable String message,
            @Nullable Duration lateBy,
            @Nullable NewJob job) {

        /** Nothing is made of these instants. */
        public static Line without(Entry.Without without) {
            Cause cause = without.cause();
            return new Line(
                    without.plannedAt(),
                    without.until(),
                    without.instants(),
                    cause.verdict(),
                    cause,
                    cause.text(),
                    null,
                    null);
        }
    }

    /** What is written of a schedule, and which jobs its new ones replace. */
    public record Posting(
            UUID schedule,
            List<Line> lines,
            List<JobId> replaced,
            Instant accountedUntil,
            @Nullable Instant nextDue,
            @Nullable Instant overdueAt) {}

    /** Says what is to be written of a schedule; without I/O, since a transaction is open. */
    public interface Accounting {
        Posting of(Due due, Instant now);
    }

    /** How many schedules were looked at, the jobs that were made, and those that are to end. */
    public record Round(int schedules, List<NewJob> made, List<Job> replaced) {
        /** Those that the jobs go to. */
        public Set<String> clusters() {
            return made.stream().map(job -> job.spec().cluster()).collect(Collectors.toSet());
        }
    }

    /** A line as it is read back. */
    public record Run(
            Instant plannedAt,
            Instant until,
            int instants,
            Verdict verdict,
            @Nullable Cause cause,
            @Nullable String message,
            @Nullable Duration lateBy,
            @Nullable JobId job,
            @Nullable String jobState) {}

    private final Database database;
    private final Wishes wishes;
    private final Function<Handle, Instant> clock;

    public Ledger(Database database, Decider decider) {
        this(database, decider, Database::now);
    }

    private Ledger(Database database, Decider decider, Function<Handle, Instant> clock) {
        this.database = database;
        this.wishes = new Wishes(Progressions.on(database), decider);
        this.clock = clock;
    }

    /** With another clock than the database's: a simulated year passes in a minute. */
    public static Ledger simulated(Database database, Decider decider, InstantSource clock) {
        return new Ledger(database, decider, handle -> clock.instant());
    }

    /** Of those that are due, those first that have been so for longest. */
    public Round account(int most, Accounting accounting) {
        return database.transaction(handle -> account(handle, most, accounting));
    }

    private Round account(Handle handle, int most, Accounting accounting) {
        Instant now = clock.apply(handle);
        return write(
                handle,
                due(handle, handle.createQuery(DUE).bind("now", Rows.time(now)).bind("most", most)),
                accounting,
                now);
    }

    /** Of those that are locked already. */
    Round write(Handle handle, List<Due> these, Accounting accounting) {
        return write(handle, these, accounting, clock.apply(handle));
    }

    private Round write(Handle handle, List<Due> these, Accounting accounting, Instant now) {
        List<Posting> postings = these.stream().map(due -> accounting.of(due, now)).toList();
        List<NewJob> made = new ArrayList<>();
        List<JobId> replaced = new ArrayList<>();
        for (Posting posting : postings) {
            posting.lines().stream().map(Line::job).filter(Objects::nonNull).forEach(made::add);
            replaced.addAll(posting.replaced());
        }
        List<Job> wished =
                replaced.isEmpty()
                        ? List.of()
                        : wishes.cancelAll(PostgresProgressions.batch(handle), replaced, REPLACING);
        if (!made.isEmpty()) {
            PostgresSubmissions.insert(handle, made);
        }
        LedgerLines.write(handle, postings, now);
        return new Round(postings.size(), made, wished);
    }

    static List<Due> due(Handle handle, Query query) {
        List<Schedules.StoredSchedule> schedules =
                query.map((row, context) -> Schedules.stored(row)).list();
        UUID[] ids = ids(schedules.stream());
        Map<UUID, List<JobId>> unfinished = new HashMap<>();
        Map<UUID, List<Instant>> waiting = new HashMap<>();
        if (ids.length > 0) {
            // who allows runs side by side may have a great many
            handle.createQuery(UNFINISHED)
                    .bind("ids", ids(schedules.stream().filter(s -> !allows(s))))
                    .map((row, context) ->
                            of(unfinished, row).add(new JobId(row.getObject("job_id", UUID.class))))
                    .list();
            handle.createQuery(WAITING)
                    .bind("ids", ids)
                    .map((row, context) -> of(waiting, row).add(Rows.present(row, "planned_at")))
                    .list();
        }
        return schedules.stream()
                .map(schedule ->
                        new Due(
                                schedule,
                                unfinished.getOrDefault(schedule.id(), List.of()),
                                waiting.getOrDefault(schedule.id(), List.of())))
                .toList();
    }

    private static boolean allows(Schedules.StoredSchedule schedule) {
        return Concurrency.ALLOW.text().equals(schedule.definition().get("concurrency"));
    }

    private static UUID[] ids(Stream<Schedules.StoredSchedule> schedules) {
        return schedules.map(Schedules.StoredSchedule::id).toArray(UUID[]::new);
    }

    private static <T> List<T> of(Map<UUID, List<T>> lists, ResultSet row) throws SQLException {
        return lists.computeIfAbsent(
                row.getObject("schedule_id", UUID.class), id -> new ArrayList<>());
    }

    /** How long nobody has to look; negative where it is time already. */
    public Optional<Duration> untilNextDue() {
        return database.statement(handle -> {
            Optional<Instant> next =
                    handle.createQuery("select min(next_due) as next_due from schedule")
                            .map((row, context) ->
                                    Optional.ofNullable(Rows.instant(row, "next_due")))
                            .one();
            Instant now = clock.apply(handle);
            return next.map(due -> Duration.between(now, due));
        });
    }

    /** The latest first, before an instant if one is given. */
    public List<Run> runs(UUID schedule, @Nullable Instant before, int most) {
        return database.statement(handle -> LedgerLines.read(handle, schedule, before, most));
    }
}
