package io.windlass.store;

import io.windlass.job.JobId;
import io.windlass.job.PodRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** What is known of the pods of jobs, in the order of their names. */
final class PodRows {
    private static final String ALL =
            "select * from job_pod where job_id = any(:ids) order by name";

    // as DecidingPods: "distinct on" is a kind of pods that are over
    private static final String DECIDING =
            """
            select * from job_pod
            where job_id = any(:ids) and (phase not in ('Succeeded', 'Failed', 'Gone') or pod_uid = any(:uids))
            union all
            select * from (
                select distinct on (job_id, phase, started_at is null, class is null, node is null, reason is null,
                    reason = 'ContainerStatusUnknown', exit_code is null, exit_code = 0, disrupted) *
                from job_pod
                where job_id = any(:ids) and phase in ('Succeeded', 'Failed', 'Gone') and pod_uid <> all(:uids)
                order by job_id, phase, started_at is null, class is null, node is null, reason is null,
                    reason = 'ContainerStatusUnknown', exit_code is null, exit_code = 0, disrupted, guard desc, name) kinds
            order by name
            """;

    private PodRows() {}

    static Map<JobId, List<PodRecord>> all(Handle handle, UUID[] jobs) {
        return read(handle.createQuery(ALL), jobs);
    }

    static Map<JobId, List<PodRecord>> deciding(Handle handle, UUID[] jobs, Set<String> uids) {
        return read(handle.createQuery(DECIDING).bind("uids", uids.toArray(String[]::new)), jobs);
    }

    private static Map<JobId, List<PodRecord>> read(Query query, UUID[] jobs) {
        Map<JobId, List<PodRecord>> pods = new HashMap<>();
        query.bind("ids", jobs)
                .map((row, context) ->
                        pods.computeIfAbsent(
                                        new JobId(row.getObject("job_id", UUID.class)),
                                        id -> new ArrayList<>())
                                .add(Rows.pod(row)))
                .list();
        return pods;
    }
}
