package io.windlass.store;

import io.windlass.job.Decider;
import io.windlass.job.Input;
import io.windlass.job.Job;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/**
 * Lets queued jobs into a cluster, best rank first, as far as its bounds allow. One admitter at a
 * time.
 */
public final class Admissions {
    /** A job that has waited for room for so long no longer keeps others from starting. */
    private static final Duration PENDING_NO_LONGER_COUNTS = Duration.ofSeconds(60);

    private static final String LOCK =
            "select pg_try_advisory_xact_lock(hashtextextended('windlass admission ' || :cluster, 0))";

    private static final String PAUSED = "select paused from cluster where name = :cluster";

    private static final String USE =
            """
            select count(*) as jobs,
                coalesce(sum(weight) filter (where finished_at is null), 0) as pods,
                count(*) filter (where state = 'STARTING'
                    and (waits_for_room_since is null or waits_for_room_since > :countsSince)) as pending
            from job_state where cluster = :cluster and state <> 'QUEUED' and not settled
            """;

    private static final String NEXT =
            "select "
                    + Rows.JOB
                    + ", s.weight"
                    + """
                     from job_state s join job j on j.id = s.job_id
                    where s.cluster = :cluster and s.state = 'QUEUED' and s.desired = 'RUN'
                    order by s.rank, s.job_id limit :most for update of s skip locked
                    """;

    /** What a cluster takes at once: Jobs not yet deleted, pods, and Jobs that have not started. */
    public record Bounds(int jobs, int pods, int pending, int perRound) {}

    /** How many were admitted; whether the round ended for want of candidates, and not of room. */
    public record Round(int admitted, boolean more) {
        static final Round NONE = new Round(0, false);
    }

    private record Use(long jobs, long pods, long pending) {}

    private record Candidate(Job job, int weight) {}

    private final Database database;
    private final Decider decider;

    public Admissions(Database database, Decider decider) {
        this.database = database;
        this.decider = decider;
    }

    public Round admit(String cluster, Bounds bounds) {
        return database.transaction(handle -> {
            Progressions.Batch batch = new Progressions.Batch(handle, Database.now(handle));
            return locked(handle, cluster) && !paused(handle, cluster)
                    ? admit(batch, cluster, bounds)
                    : Round.NONE;
        });
    }

    private Round admit(Progressions.Batch batch, String cluster, Bounds bounds) {
        Use use = use(batch, cluster);
        long room =
                Math.min(
                        bounds.perRound(),
                        Math.min(bounds.jobs() - use.jobs(), bounds.pending() - use.pending()));
        if (room <= 0) {
            return Round.NONE;
        }
        List<Candidate> candidates = candidates(batch.handle(), cluster, room);
        List<Progressions.Step> steps = new ArrayList<>();
        long pods = use.pods();
        for (Candidate candidate : candidates) {
            // the first in line waits until it fits, so that small ones do not starve it; one that
            // would never fit goes when it has the cluster to itself
            if (pods > 0 && pods + candidate.weight() > bounds.pods()) {
                break;
            }
            pods += candidate.weight();
            Job job = candidate.job();
            steps.add(
                    new Progressions.Step(
                            job, decider.decide(job, new Input.Admitted(), batch.now())));
        }
        int lost = batch.write(steps).size();
        return new Round(steps.size() - lost, steps.size() == bounds.perRound());
    }

    private static boolean locked(Handle handle, String cluster) {
        return handle.createQuery(LOCK).bind("cluster", cluster).mapTo(Boolean.class).one();
    }

    private static boolean paused(Handle handle, String cluster) {
        return handle.createQuery(PAUSED)
                .bind("cluster", cluster)
                .mapTo(Boolean.class)
                .findOne()
                .orElse(false);
    }

    private static Use use(Progressions.Batch batch, String cluster) {
        return batch.handle()
                .createQuery(USE)
                .bind("cluster", cluster)
                .bind("countsSince", Rows.time(batch.now().minus(PENDING_NO_LONGER_COUNTS)))
                .map((row, context) ->
                        new Use(row.getLong("jobs"), row.getLong("pods"), row.getLong("pending")))
                .one();
    }

    private static List<Candidate> candidates(Handle handle, String cluster, long most) {
        return handle.createQuery(NEXT)
                .bind("cluster", cluster)
                .bind("most", most)
                .map((row, context) ->
                        new Candidate(Rows.job(row, List.of()), row.getInt("weight")))
                .list();
    }

    /** Per cluster, how many jobs are in each state that is not the end: for metrics. */
    public Map<String, Long> depths(String cluster) {
        Map<String, Long> depths = new HashMap<>();
        database.inTransaction(handle ->
                handle.createQuery(
                                """
                                select state, count(*) as n from job_state
                                where cluster = :cluster and finished_at is null group by state
                                """)
                        .bind("cluster", cluster)
                        .map((row, c) -> depths.put(row.getString("state"), row.getLong("n")))
                        .list());
        return depths;
    }
}
