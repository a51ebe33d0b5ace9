package io.windlass.store;

import io.windlass.job.JobId;
import io.windlass.schedule.Concurrency;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** Schedules with what their next verdicts depend on. */
final class DueSchedules {
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

    private DueSchedules() {}

    static List<Ledger.Due> read(Handle handle, Query query) {
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
                        new Ledger.Due(
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
}
