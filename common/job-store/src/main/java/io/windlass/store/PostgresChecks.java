package io.windlass.store;

import io.windlass.job.BoundedText;
import io.windlass.job.Claim;
import io.windlass.job.Job;
import io.windlass.job.JobId;
import io.windlass.job.Shares;
import io.windlass.json.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;

/** By the rows of PostgreSQL, and its clock. */
final class PostgresChecks implements Checks {
    // a demand is not done with by a lease: it comes again at its end, unless a look answers it.
    // no index has "least": by one of the times this would step over all entries of what is done
    private static final String LEASE =
            """
            update job_state set next_check_at = :until,
                look_wanted_at = case when look_wanted_at <= :now then :until else look_wanted_at end
            where job_id = any(array(
                select job_id from job_state
                where job_id = any(:ids) and least(look_wanted_at, next_check_at) <= :now
                order by job_id for update skip locked))
            returning job_id, check_tries > 0 as set_aside
            """;

    // what was asked for since the check began is due as always
    private static final String SET_ASIDE =
            """
            update job_state set check_tries = check_tries + 1, check_since = coalesce(check_since, clock_timestamp()),
                check_error = :error,
                next_check_at = case when next_check_at > clock_timestamp() then clock_timestamp() + %1$s
                    else next_check_at end,
                look_wanted_at = case when look_wanted_at > clock_timestamp() then clock_timestamp() + %1$s
                    else look_wanted_at end
            where job_id = :id
            """
                    .formatted(SetAside.restAfter("check_tries"));

    private static final String WENT_WELL =
            "update job_state set check_tries = 0, check_since = null, check_error = null where job_id = :id";

    private static final String OVERDUE =
            """
            select count(*) from (
                select from job_state where cluster = :cluster and next_check_at <= clock_timestamp() limit :most) due
            """;

    private static final String CLAIM =
            """
            update job_state set claim_token = :token, claim_until = clock_timestamp() + cast(:lasts as interval),
                cluster_identity = :identity,
                takeovers = takeovers + case when claim_token is null then 0 else 1 end
            where job_id = :id and version = :version and kubernetes_uid is null
                and (claim_until is null or claim_until <= clock_timestamp())
                and exists (select from cluster c where c.name = job_state.cluster and c.identity = :identity)
                and not exists (select from cluster_lost l
                    where l.cluster = job_state.cluster and l.identity = :identity and l.found_at is null)
            returning claim_until, exists (
                select from job_state o
                where o.cluster = job_state.cluster and o.namespace = job_state.namespace and o.next_post_at is not null) as others_wait
            """;

    private static final String POST_AGAIN =
            """
            update job_state set next_post_at = clock_timestamp(), next_check_at = least(next_check_at, clock_timestamp())
            where job_id = any(array(
                select job_id from job_state
                where cluster = :cluster and namespace = :namespace and next_post_at > clock_timestamp()
                    and kubernetes_uid is null and finished_at is null
                order by job_id
                for no key update skip locked))
            """;

    private static final String RELEASE =
            """
            update job_state set claim_token = null, claim_until = null
            where job_id = :id and claim_token = :token and kubernetes_uid is null
            """;

    private static final String MISSED =
            """
            update job_state set next_check_at = clock_timestamp(),
                look_wanted_at = least(look_wanted_at, clock_timestamp())
            where job_id in (
                select job_id from job_state
                where cluster = :cluster and state in ('STARTING', 'RUNNING') and kubernetes_uid is not null
                    and coalesce(job_seen_at, admitted_at) < :before
                    and next_check_at > clock_timestamp() and not (job_id = any(:listed))
                order by job_id for no key update skip locked)
            returning job_id
            """;

    private static final String SPEC =
            "select " + Rows.SPEC + ", j.traceparent from job j where j.id = :id";

    /** A check may be wished for a time that has passed: it waits no longer. */
    private static final Duration BETWEEN_WHOLE_WALKS = Duration.ofSeconds(1);

    private static final int TRIES = 3;

    private record Leased(Lease lease, Instant from, boolean anotherWasFaster) {}

    private final Map<String, Floor> floors = new ConcurrentHashMap<>();
    private final Map<String, DueLine> lines = new ConcurrentHashMap<>();
    private final Database database;

    PostgresChecks(Database database) {
        this.database = database;
    }

    @Override
    public Lease lease(String cluster, Duration length, Places places) {
        Floor floor = floors.computeIfAbsent(cluster, c -> new Floor(BETWEEN_WHOLE_WALKS));
        Leased leased = lease(cluster, length, places, floor);
        for (int i = 1; i < TRIES && leased.anotherWasFaster(); i++) {
            leased = lease(cluster, length, places, floor);
        }
        if (!leased.lease().more()) {
            floor.walked(leased.from(), leased.lease().now());
        }
        return leased.lease();
    }

    private Leased lease(String cluster, Duration length, Places places, Floor floor) {
        return database.transaction(handle -> {
            Instant now = Database.now(handle);
            Instant from = floor.at(now);
            int most = places.all().free();
            DueLine due = lines.computeIfAbsent(cluster, DueLine::new);
            DueLine.Read line = due.read(handle, now, from, most);
            List<DueLine.Due> chosen = chosen(line, places);
            if (chosen.isEmpty() && line.cut()) {
                line = due.fromTheFront(handle, now, from, most);
                chosen = chosen(line, places);
            }
            Set<JobId> setAside = new HashSet<>();
            List<JobId> ids = leased(handle, chosen, now, now.plus(length), setAside);
            List<Job> jobs = List.copyOf(PostgresProgressions.batch(handle).load(ids).values());
            boolean more = line.cut() || ids.size() < line.due().size();
            return new Leased(
                    new Lease(jobs, now, setAside, more), from, ids.isEmpty() && !chosen.isEmpty());
        });
    }

    private static List<DueLine.Due> chosen(DueLine.Read line, Places places) {
        Places free = places.copy();
        return Shares.choose(
                line.due(),
                places.all().free(),
                DueLine.Due::namespace,
                due -> free.of(due.post()));
    }

    private static List<JobId> leased(
            Handle handle,
            List<DueLine.Due> chosen,
            Instant now,
            Instant until,
            Set<JobId> setAside) {
        if (chosen.isEmpty()) {
            return List.of();
        }
        return handle.createQuery(LEASE)
                .bind("ids", chosen.stream().map(due -> due.id().value()).toArray(UUID[]::new))
                .bind("now", Rows.time(now))
                .bind("until", Rows.time(until))
                .map((row, c) -> leased(row, setAside))
                .list();
    }

    private static JobId leased(ResultSet row, Set<JobId> setAside) throws SQLException {
        JobId id = new JobId(row.getObject("job_id", UUID.class));
        if (row.getBoolean("set_aside")) {
            setAside.add(id);
        }
        return id;
    }

    @Override
    public void setAside(JobId id, String error) {
        database.inTransaction(handle ->
                handle.createUpdate(SET_ASIDE)
                        .bind("id", id.value())
                        .bind("error", BoundedText.of(error, SetAside.LONGEST_ERROR))
                        .execute());
    }

    @Override
    public void wentWell(JobId id) {
        database.inTransaction(
                handle -> handle.createUpdate(WENT_WELL).bind("id", id.value()).execute());
    }

    @Override
    public List<JobId> lookAtAllBut(Collection<JobId> listed, String cluster, Instant seenBefore) {
        return database.transaction(handle ->
                handle.createQuery(MISSED)
                        .bind("cluster", cluster)
                        .bind("before", Rows.time(seenBefore))
                        .bind("listed", listed.stream().map(JobId::value).toArray(UUID[]::new))
                        .map((row, c) -> new JobId(row.getObject("job_id", UUID.class)))
                        .list());
    }

    @Override
    public Instant now() {
        return database.transaction(Database::now);
    }

    @Override
    public int overdue(String cluster, int most) {
        return database.transaction(handle ->
                handle.createQuery(OVERDUE)
                        .bind("cluster", cluster)
                        .bind("most", most)
                        .mapTo(Integer.class)
                        .one());
    }

    @Override
    public Optional<Granted> claim(Job job, UUID token, String identity, Duration lasts) {
        return database.transaction(handle ->
                handle.createQuery(CLAIM)
                        .bind("id", job.id().value())
                        .bind("version", job.version())
                        .bind("token", token)
                        .bind("identity", identity)
                        .bind("lasts", lasts.toMillis() + " milliseconds")
                        .map((row, c) ->
                                new Granted(
                                        new Claim(token, Rows.present(row, "claim_until")),
                                        row.getBoolean("others_wait")))
                        .findOne());
    }

    @Override
    public int postAgain(String cluster, String namespace) {
        return database.transaction(handle ->
                handle.createUpdate(POST_AGAIN)
                        .bind("cluster", cluster)
                        .bind("namespace", namespace)
                        .execute());
    }

    @Override
    public void release(JobId id, UUID token) {
        database.inTransaction(handle ->
                handle.createUpdate(RELEASE).bind("id", id.value()).bind("token", token).execute());
    }

    @Override
    public StoredSpec spec(JobId id) {
        return database.statement(handle ->
                handle.createQuery(SPEC)
                        .bind("id", id.value())
                        .map((row, c) ->
                                new StoredSpec(Json.object(row.getString(1)), row.getString(2)))
                        .one());
    }
}
