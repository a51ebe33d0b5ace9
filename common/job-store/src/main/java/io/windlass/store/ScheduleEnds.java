package io.windlass.store;

import io.windlass.job.JobId;
import java.util.Collection;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Tells the schedules of jobs how these ended. */
final class ScheduleEnds {
    // that a run was cancelled counts neither way; in id order, as every writer of many rows
    private static final String WRITE =
            """
            insert into schedule_health (schedule_id, last_success_at, took_ms, failures, last_failure_at, last_failure,
                last_end_at)
            select p.id, max(s.finished_at) filter (where s.state = 'SUCCEEDED'),
                max(extract(epoch from s.finished_at - j.submitted_at) * 1000) filter (where s.state = 'SUCCEEDED'),
                case when bool_or(s.state = 'SUCCEEDED') then 0
                    else count(*) filter (where s.state = 'FAILED') end,
                max(s.finished_at) filter (where s.state = 'FAILED'),
                max(s.reason) filter (where s.state = 'FAILED'), max(s.finished_at)
            from job_state s join job j on j.id = s.job_id join schedule p on p.id = s.schedule_id
            where s.job_id = any(:ids) and s.schedule_id is not null and s.finished_at is not null
            group by p.id order by p.id
            on conflict (schedule_id) do update set
                last_success_at = coalesce(excluded.last_success_at, schedule_health.last_success_at),
                took_ms = coalesce(excluded.took_ms, schedule_health.took_ms),
                failures = case when excluded.last_success_at is null
                    then schedule_health.failures + excluded.failures else 0 end,
                last_failure_at = coalesce(excluded.last_failure_at, schedule_health.last_failure_at),
                last_failure = coalesce(excluded.last_failure, schedule_health.last_failure),
                last_end_at = greatest(excluded.last_end_at, schedule_health.last_end_at)
            """;

    private ScheduleEnds() {}

    static void write(Handle handle, Collection<JobId> ended) {
        if (!ended.isEmpty()) {
            handle.createUpdate(WRITE)
                    .bind("ids", ended.stream().map(JobId::value).toArray(UUID[]::new))
                    .execute();
        }
    }
}
