package io.windlass.store;

import io.windlass.job.Decider;
import io.windlass.job.Input;
import io.windlass.job.Job;
import io.windlass.job.JobId;
import io.windlass.schedule.Account.Cause;
import io.windlass.schedule.Account.Verdict;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * What became of the instants of schedules. A line, the job that it made and where its schedule
 * then stands are one transaction, under the lock of the schedule's row: so no instant is lost, and
 * none is there twice.
 */
public final class Ledger {
    private static final String DUE =
            Schedules.COLUMNS
                    + " where next_due <= :now order by next_due limit :most for update skip locked";

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

    // only what waits may get another verdict
    private static final String WRITE =
            """
            insert into schedule_run (schedule_id, planned_at, until, instants, verdict, cause, message, late_by_ms, job_id,
                decided_at)
            values (:schedule, :plannedAt, :until, :instants, :verdict, :cause, :message, :lateBy, cast(:job as uuid), :now)
            on conflict (schedule_id, planned_at) do update set verdict = excluded.verdict, cause = excluded.cause,
                message = excluded.message, late_by_ms = excluded.late_by_ms, job_id = excluded.job_id,
                decided_at = excluded.decided_at
            where schedule_run.verdict = 'WAITING'
            """;

    private static final String MOVE =
            """
            update schedule set accounted_until = :accountedUntil, next_due = cast(:nextDue as timestamptz)
            where id = :schedule
            """;

    private static final String RUNS =
            """
            select r.planned_at, r.until, r.instants, r.verdict, r.cause, r.message, r.late_by_ms, r.job_id, s.state
            from schedule_run r left join job_state s on s.job_id = r.job_id
            where r.schedule_id = :schedule and (cast(:before as timestamptz) is null or r.planned_at < :before)
            order by r.planned_at desc limit :most
            """;

    /** A schedule whose time has come, locked until the end of the transaction. */
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
            @Nullable NewJob job) {}

    /** What is written of a schedule, and which jobs its new ones replace. */
    public record Posting(
            UUID schedule,
            List<Line> lines,
            List<JobId> replaced,
            Instant accountedUntil,
            @Nullable Instant nextDue) {}

    /** Says what is to be written of a schedule; without I/O, since a transaction is open. */
    public interface Accounting {
        Posting of(Due due, Instant now);
    }

    /** How many schedules were looked at, the jobs that were made, and those that are to end. */
    public record Round(int schedules, List<NewJob> made, List<Job> replaced) {}

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
    private final Decider decider;

    public Ledger(Database database, Decider decider) {
        this.database = database;
        this.decider = decider;
    }

    /** Of those that are due, those first that have been so for longest. */
    public Round account(int most, Accounting accounting) {
        return database.transaction(handle -> account(handle, most, accounting));
    }

    private Round account(Handle handle, int most, Accounting accounting) {
        Instant now = Database.now(handle);
        List<Posting> postings =
                due(handle, now, most).stream().map(due -> accounting.of(due, now)).toList();
        List<NewJob> made = new ArrayList<>();
        List<JobId> replaced = new ArrayList<>();
        for (Posting posting : postings) {
            posting.lines().stream().map(Line::job).filter(job -> job != null).forEach(made::add);
            replaced.addAll(posting.replaced());
        }
        List<Job> wished = replaced.isEmpty() ? List.of() : replace(handle, replaced);
        if (!made.isEmpty()) {
            PostgresSubmissions.insert(handle, made);
        }
        write(handle, postings, now);
        return new Round(postings.size(), made, wished);
    }

    private static List<Due> due(Handle handle, Instant now, int most) {
        List<Schedules.StoredSchedule> schedules =
                handle.createQuery(DUE)
                        .bind("now", Rows.time(now))
                        .bind("most", most)
                        .map((row, context) -> Schedules.stored(row))
                        .list();
        UUID[] ids = schedules.stream().map(Schedules.StoredSchedule::id).toArray(UUID[]::new);
        Map<UUID, List<JobId>> unfinished = new HashMap<>();
        Map<UUID, List<Instant>> waiting = new HashMap<>();
        if (ids.length > 0) {
            handle.createQuery(UNFINISHED)
                    .bind("ids", ids)
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

    private static <T> List<T> of(Map<UUID, List<T>> lists, ResultSet row) throws SQLException {
        return lists.computeIfAbsent(
                row.getObject("schedule_id", UUID.class), id -> new ArrayList<>());
    }

    /** The wish to cancel, by the same decision as anybody's. */
    private List<Job> replace(Handle handle, Collection<JobId> ids) {
        Progressions.Batch batch = PostgresProgressions.batch(handle);
        List<Job> running =
                batch.loadLocked(ids).values().stream()
                        .filter(job -> !job.state().terminal() && job.progress().desired().isRun())
                        .toList();
        batch.write(
                running.stream()
                        .map(job ->
                                new Progressions.Step(
                                        job,
                                        decider.decide(
                                                job,
                                                new Input.CancelRequested(
                                                        "its schedule, for the next run"),
                                                batch.now())))
                        .toList());
        return running;
    }

    private static void write(Handle handle, List<Posting> postings, Instant now) {
        PreparedBatch lines = handle.prepareBatch(WRITE);
        PreparedBatch moves = handle.prepareBatch(MOVE);
        for (Posting posting : postings) {
            for (Line line : posting.lines()) {
                bind(lines, posting.schedule(), line, now).add();
            }
            moves.bind("schedule", posting.schedule())
                    .bind("accountedUntil", Rows.time(posting.accountedUntil()))
                    .bind("nextDue", Rows.time(posting.nextDue()))
                    .add();
        }
        if (lines.size() > 0) {
            for (int written : lines.execute()) {
                if (written != 1) {
                    throw new IllegalStateException("an instant has its verdict already");
                }
            }
        }
        if (moves.size() > 0) {
            moves.execute();
        }
    }

    private static PreparedBatch bind(PreparedBatch into, UUID schedule, Line line, Instant now) {
        Duration lateBy = line.lateBy();
        Cause cause = line.cause();
        NewJob job = line.job();
        return into.bind("schedule", schedule)
                .bind("plannedAt", Rows.time(line.plannedAt()))
                .bind("until", Rows.time(line.until()))
                .bind("instants", line.instants())
                .bind("verdict", line.verdict().name())
                .bind("cause", cause == null ? null : cause.name())
                .bind("message", line.message())
                .bind("lateBy", lateBy == null ? null : lateBy.toMillis())
                .bind("job", job == null ? null : job.id().value())
                .bind("now", Rows.time(now));
    }

    /** When somebody has to look next. */
    public Optional<Instant> nextDue() {
        return database.statement(handle ->
                handle.createQuery("select min(next_due) as next_due from schedule")
                        .map((row, context) -> Optional.ofNullable(Rows.instant(row, "next_due")))
                        .one());
    }

    /** The latest first, before an instant if one is given. */
    public List<Run> runs(UUID schedule, @Nullable Instant before, int most) {
        return database.statement(handle ->
                handle.createQuery(RUNS)
                        .bind("schedule", schedule)
                        .bind("before", Rows.time(before))
                        .bind("most", most)
                        .map((row, context) -> run(row))
                        .list());
    }

    private static Run run(ResultSet row) throws SQLException {
        String cause = row.getString("cause");
        long lateBy = row.getLong("late_by_ms");
        Duration late = row.wasNull() ? null : Duration.ofMillis(lateBy);
        UUID job = row.getObject("job_id", UUID.class);
        return new Run(
                Rows.present(row, "planned_at"),
                Rows.present(row, "until"),
                row.getInt("instants"),
                Verdict.valueOf(row.getString("verdict")),
                cause == null ? null : Cause.valueOf(cause),
                row.getString("message"),
                late,
                job == null ? null : new JobId(job),
                row.getString("state"));
    }
}
