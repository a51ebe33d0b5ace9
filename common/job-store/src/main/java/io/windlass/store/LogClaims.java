package io.windlass.store;

import io.windlass.job.JobId;
import io.windlass.log.Kept;
import io.windlass.log.LogReading;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** Who follows the logs of which pod: one at a time, by leases on the database's clock. */
public final class LogClaims {
    // a job that was deleted meanwhile has no logs; a pod that another follows is left to it
    private static final String CLAIM =
            """
            insert into log_pod (job_id, pod_uid, cluster, namespace, pod, nth, holder, address, lease_until)
            select j.id, :pod_uid, :cluster, :namespace, :pod,
                1 + (select coalesce(max(nth), 0) from log_pod where job_id = j.id),
                :holder, :address, clock_timestamp() + cast(:lease as interval)
            from job j join job_state s on s.job_id = j.id
            where j.id = :job_id and j.cluster = :cluster and j.namespace = :namespace
                and (cast(:owner as text) is null or s.kubernetes_uid is null or s.kubernetes_uid = :owner)
            on conflict (job_id, pod_uid) do update set holder = excluded.holder, address = excluded.address,
                lease_until = excluded.lease_until
            where log_pod.closed_at is null
                and (log_pod.lease_until < clock_timestamp() or log_pod.holder = excluded.holder)
            returning holder
            """;

    // pods of one job are numbered one after the other
    private static final String ONE_AFTER_THE_OTHER =
            "select pg_advisory_xact_lock(hashtextextended('windlass logs ' || ?, 0))";

    private static final String IS_CLOSED =
            "select closed_at is not null from log_pod where job_id = :job_id and pod_uid = :pod_uid";

    private static final String CONTAINER =
            """
            insert into log (job_id, pod_uid, container, ordinal, init)
            values (:job_id, :pod_uid, :container, :ordinal, :init)
            on conflict (job_id, pod_uid, container) do nothing
            """;

    private static final String LOGS =
            """
            select id, container, bytes, lines, resume::text as resume, losses::text as losses, closed_at is not null as closed,
                set_aside_tries, extract(epoch from set_aside_until - clock_timestamp()) as set_aside_for
            from log where job_id = :job_id and pod_uid = :pod_uid
            """;

    private static final String STRETCHES =
            "select from_byte, bytes from log_piece where log_id = :id order by from_byte";

    private static final String RENEW =
            """
            update log_pod set lease_until = clock_timestamp() + cast(:lease as interval)
            where holder = :holder and closed_at is null
            """;

    private static final String RELEASE =
            "update log_pod set lease_until = clock_timestamp() where holder = :holder and closed_at is null";

    private static final String ABANDONED =
            """
            select job_id, pod_uid, cluster, namespace, pod from log_pod
            where cluster = :cluster and closed_at is null and lease_until < clock_timestamp()
            order by lease_until limit :most
            """;

    private static final String CLOSE_POD =
            """
            update log_pod set closed_at = clock_timestamp(), lease_until = clock_timestamp()
            where job_id = :job_id and pod_uid = :pod_uid and holder = :holder and closed_at is null
                and not exists (select from log l
                    where l.job_id = log_pod.job_id and l.pod_uid = log_pod.pod_uid and l.closed_at is null)
            """;

    // whoever cleans up may have been waiting for this
    private static final String HINT =
            """
            update job_state set next_check_at = clock_timestamp()
            where job_id = :job_id and finished_at is not null and not settled and next_check_at > clock_timestamp()
            """;

    private final Database database;

    public LogClaims(Database database) {
        this.database = database;
    }

    /**
     * Whose logs.
     *
     * @param owner the uid of the Job that controls it, empty where none does; null where it was
     *     claimed before
     */
    public record PodOfJob(
            JobId jobId,
            String podUid,
            String cluster,
            String namespace,
            String pod,
            @Nullable String owner) {
        public PodOfJob(JobId jobId, String podUid, String cluster, String namespace, String pod) {
            this(jobId, podUid, cluster, namespace, pod, null);
        }
    }

    /** In the order of the pod's spec, init containers first. */
    public record ContainerOfPod(String name, int ordinal, boolean init) {}

    /**
     * A log as it was left.
     *
     * @param setAside how often in a row it could not be stored
     * @param rest until it is tried again
     */
    public record OpenLog(
            long id,
            String container,
            LogReading.State state,
            boolean closed,
            List<Kept.Stretch> pieces,
            int setAside,
            Duration rest) {

        public OpenLog(
                long id,
                String container,
                LogReading.State state,
                boolean closed,
                List<Kept.Stretch> pieces) {
            this(id, container, state, closed, pieces, 0, Duration.ZERO);
        }

        private OpenLog with(List<Kept.Stretch> found) {
            return new OpenLog(id, container, state, closed, found, setAside, rest);
        }
    }

    /** What came of wanting to follow a pod. */
    public sealed interface Claim {
        record Ours(List<OpenLog> logs) implements Claim {}

        /** Another follows it, or its job is not there. */
        record NotOurs() implements Claim {}

        /** All of it is kept. */
        record Done() implements Claim {}
    }

    /** Who writes, where it is reached, and for how long it is believed to live without a sign. */
    public record Holder(UUID id, String address, Duration lease) {}

    /** Also adds containers to a pod that is held already. */
    public Claim claim(PodOfJob pod, List<ContainerOfPod> containers, Holder holder) {
        return database.transaction(handle -> {
            handle.execute(ONE_AFTER_THE_OTHER, pod.jobId().toString());
            boolean ours =
                    handle.createQuery(CLAIM)
                            .bind("job_id", pod.jobId().value())
                            .bind("pod_uid", pod.podUid())
                            .bind("cluster", pod.cluster())
                            .bind("namespace", pod.namespace())
                            .bind("pod", pod.pod())
                            .bind("owner", pod.owner())
                            .bind("holder", holder.id())
                            .bind("address", holder.address())
                            .bind("lease", interval(holder.lease()))
                            .mapTo(UUID.class)
                            .findOne()
                            .isPresent();
            if (!ours) {
                return isClosed(handle, pod) ? new Claim.Done() : new Claim.NotOurs();
            }
            PreparedBatch batch = handle.prepareBatch(CONTAINER);
            for (ContainerOfPod container : containers) {
                batch.bind("job_id", pod.jobId().value())
                        .bind("pod_uid", pod.podUid())
                        .bind("container", container.name())
                        .bind("ordinal", container.ordinal())
                        .bind("init", container.init())
                        .add();
            }
            if (!containers.isEmpty()) {
                batch.execute();
            }
            return new Claim.Ours(logs(handle, pod));
        });
    }

    private static boolean isClosed(Handle handle, PodOfJob pod) {
        return handle.createQuery(IS_CLOSED)
                .bind("job_id", pod.jobId().value())
                .bind("pod_uid", pod.podUid())
                .mapTo(Boolean.class)
                .findOne()
                .orElse(false);
    }

    private static List<OpenLog> logs(Handle handle, PodOfJob pod) {
        List<OpenLog> rows =
                handle.createQuery(LOGS)
                        .bind("job_id", pod.jobId().value())
                        .bind("pod_uid", pod.podUid())
                        .map((row, context) -> log(row))
                        .list();
        List<OpenLog> logs = new ArrayList<>();
        for (OpenLog row : rows) {
            List<Kept.Stretch> pieces =
                    row.closed()
                            ? List.of()
                            : handle.createQuery(STRETCHES)
                                    .bind("id", row.id())
                                    .map((piece, context) ->
                                            new Kept.Stretch(piece.getLong(1), piece.getInt(2)))
                                    .list();
            logs.add(row.with(pieces));
        }
        return logs;
    }

    private static OpenLog log(ResultSet row) throws SQLException {
        return new OpenLog(
                row.getLong("id"),
                row.getString("container"),
                LogTrees.state(
                        row.getLong("bytes"),
                        row.getLong("lines"),
                        row.getString("resume"),
                        row.getString("losses")),
                row.getBoolean("closed"),
                List.of(),
                row.getInt("set_aside_tries"),
                Duration.ofMillis(Math.max(0, (long) (1_000 * row.getDouble("set_aside_for")))));
    }

    /** Of all pods that are held; how many these are. */
    public int renew(Holder holder) {
        return database.statement(handle ->
                handle.createUpdate(RENEW)
                        .bind("holder", holder.id())
                        .bind("lease", interval(holder.lease()))
                        .execute());
    }

    /** Another may go on at once. */
    public void release(Holder holder) {
        database.statement(
                handle -> handle.createUpdate(RELEASE).bind("holder", holder.id()).execute());
    }

    /** Pods whose follower has given no sign for longer than its lease. */
    public List<PodOfJob> abandoned(String cluster, int most) {
        return database.statement(handle ->
                handle.createQuery(ABANDONED)
                        .bind("cluster", cluster)
                        .bind("most", most)
                        .map((row, context) ->
                                new PodOfJob(
                                        new JobId(row.getObject("job_id", UUID.class)),
                                        row.getString("pod_uid"),
                                        row.getString("cluster"),
                                        row.getString("namespace"),
                                        row.getString("pod")))
                        .list());
    }

    /** True where all of its logs are closed, and nobody else holds it. */
    public boolean closePod(PodOfJob pod, Holder holder) {
        return database.transaction(handle -> {
            int closed =
                    handle.createUpdate(CLOSE_POD)
                            .bind("job_id", pod.jobId().value())
                            .bind("pod_uid", pod.podUid())
                            .bind("holder", holder.id())
                            .execute();
            if (closed > 0) {
                handle.createUpdate(HINT).bind("job_id", pod.jobId().value()).execute();
            }
            return closed > 0;
        });
    }

    private static String interval(Duration duration) {
        return duration.toMillis() + " milliseconds";
    }
}
