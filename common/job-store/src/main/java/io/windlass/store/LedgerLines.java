package io.windlass.store;

import io.windlass.job.JobId;
import io.windlass.schedule.Account.Cause;
import io.windlass.schedule.Account.Verdict;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** The lines of the ledger as rows. */
final class LedgerLines {
    // only what waits may get another verdict
    private static final String WRITE =
            """
            insert into schedule_run (schedule_id, planned_at, until, instants, verdict, cause, message, late_by_ms, job_id,
                decided_at)
            select schedule_id, planned_at, until, instants, verdict, cause, message, late_by_ms, job_id, :now
            from unnest(cast(:schedules as uuid[]), cast(:plannedAt as timestamptz[]), cast(:until as timestamptz[]),
                cast(:instants as integer[]), cast(:verdicts as text[]), cast(:causes as text[]),
                cast(:messages as text[]), cast(:lateBy as bigint[]), cast(:jobs as uuid[]))
            as line (schedule_id, planned_at, until, instants, verdict, cause, message, late_by_ms, job_id)
            on conflict (schedule_id, planned_at) do update set verdict = excluded.verdict, cause = excluded.cause,
                message = excluded.message, late_by_ms = excluded.late_by_ms, job_id = excluded.job_id,
                decided_at = excluded.decided_at
            where schedule_run.verdict = 'WAITING'
            """;

    private static final String MOVE =
            """
            update schedule set accounted_until = :accountedUntil, next_due = cast(:nextDue as timestamptz),
                overdue_at = cast(:overdueAt as timestamptz),
                overdue_after = (select last_success_at from schedule_health where schedule_id = id),
                missed = case when :missed = 0 or missed_at > coalesce(
                        (select last_success_at from schedule_health where schedule_id = id), '-infinity')
                    then missed + :missed else :missed end,
                missed_at = case when :missed = 0 then missed_at else :now end,
                set_aside_tries = 0, set_aside_since = null, set_aside_error = null
            where id = :schedule
            """;

    private static final String RUNS =
            """
            select r.planned_at, r.until, r.instants, r.verdict, r.cause, r.message, r.late_by_ms, r.job_id,
                coalesce(s.state, r.job_state) as state
            from schedule_run r left join job_state s on s.job_id = r.job_id
            where r.schedule_id = :schedule and (cast(:before as timestamptz) is null or r.planned_at < :before)
            order by r.planned_at desc limit :most
            """;

    private LedgerLines() {}

    private record Placed(UUID schedule, Ledger.Line line) {}

    static void write(Handle handle, List<Ledger.Posting> postings, Instant now) {
        List<Placed> lines =
                postings.stream()
                        .flatMap(posting ->
                                posting.lines().stream()
                                        .map(line -> new Placed(posting.schedule(), line)))
                        .toList();
        if (!lines.isEmpty() && insert(handle, lines, now) != lines.size()) {
            throw new IllegalStateException("an instant has its verdict already");
        }
        PreparedBatch moves = handle.prepareBatch(MOVE);
        for (Ledger.Posting posting : postings) {
            if (posting.failure() != null) {
                ScheduleSetAside.write(handle, posting.schedule(), posting.failure(), now);
                continue;
            }
            moves.bind("schedule", posting.schedule())
                    .bind("accountedUntil", Rows.time(posting.accountedUntil()))
                    .bind("nextDue", Rows.time(posting.nextDue()))
                    .bind("overdueAt", Rows.time(posting.overdueAt()))
                    .bind("missed", missed(posting))
                    .bind("now", Rows.time(now))
                    .add();
        }
        if (moves.size() > 0) {
            moves.execute();
        }
    }

    private static int missed(Ledger.Posting posting) {
        return posting.lines().stream()
                .filter(line -> line.verdict() == Verdict.MISSED)
                .mapToInt(Ledger.Line::instants)
                .sum();
    }

    /** One statement, since the driver does not count the rows of a batch of inserts. */
    private static int insert(Handle handle, List<Placed> lines, Instant now) {
        return handle.createUpdate(WRITE)
                .bind("schedules", column(lines, UUID[]::new, Placed::schedule))
                .bind("plannedAt", of(lines, String[]::new, line -> line.plannedAt().toString()))
                .bind("until", of(lines, String[]::new, line -> line.until().toString()))
                .bind("instants", of(lines, Integer[]::new, Ledger.Line::instants))
                .bind("verdicts", of(lines, String[]::new, line -> line.verdict().name()))
                .bind("causes", of(lines, String[]::new, LedgerLines::cause))
                .bind("messages", of(lines, String[]::new, Ledger.Line::message))
                .bind("lateBy", of(lines, Long[]::new, LedgerLines::lateBy))
                .bind("jobs", of(lines, UUID[]::new, LedgerLines::job))
                .bind("now", Rows.time(now))
                .execute();
    }

    private static <T> T[] of(
            List<Placed> lines, IntFunction<T[]> array, Function<Ledger.Line, @Nullable T> value) {
        return column(lines, array, placed -> value.apply(placed.line()));
    }

    private static <T> T[] column(
            List<Placed> lines, IntFunction<T[]> array, Function<Placed, @Nullable T> value) {
        return lines.stream().map(value).toArray(array);
    }

    private static @Nullable String cause(Ledger.Line line) {
        Cause cause = line.cause();
        return cause == null ? null : cause.name();
    }

    private static @Nullable Long lateBy(Ledger.Line line) {
        Duration lateBy = line.lateBy();
        return lateBy == null ? null : lateBy.toMillis();
    }

    private static @Nullable UUID job(Ledger.Line line) {
        NewJob job = line.job();
        return job == null ? null : job.id().value();
    }

    static List<Ledger.Run> read(Handle handle, UUID schedule, @Nullable Instant before, int most) {
        return handle.createQuery(RUNS)
                .bind("schedule", schedule)
                .bind("before", Rows.time(before))
                .bind("most", most)
                .map((row, context) -> run(row))
                .list();
    }

    private static Ledger.Run run(ResultSet row) throws SQLException {
        String cause = row.getString("cause");
        long lateBy = row.getLong("late_by_ms");
        Duration late = row.wasNull() ? null : Duration.ofMillis(lateBy);
        UUID job = row.getObject("job_id", UUID.class);
        return new Ledger.Run(
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
