package io.windlass.store;

import java.time.Duration;

/** How a cluster's jobs stand as a whole: for metrics. Whatever is many is counted only so far. */
public final class Census {
    private static final String TAKE =
            """
            select
                (select count(*) from (
                    select from job_state where cluster = :cluster and state = 'QUEUED' and desired = 'RUN'
                    limit 100000) as q) as queued,
                (select count(*) from job_state
                    where cluster = :cluster and state <> 'QUEUED' and not settled) as live,
                (select count(*) from job_state
                    where cluster = :cluster and state <> 'QUEUED' and not settled
                        and pods_remain_since is not null) as pods_remain,
                (select extract(epoch from clock_timestamp() - j.submitted_at) from job_state s
                    join job j on j.id = s.job_id
                    where s.cluster = :cluster and s.state = 'QUEUED' and s.desired = 'RUN'
                    order by s.rank, s.job_id limit 1) as head_waits,
                (select extract(epoch from clock_timestamp() - least(
                    (select min(next_check_at) from job_state where cluster = :cluster and next_check_at is not null),
                    (select min(look_wanted_at) from job_state
                        where cluster = :cluster and look_wanted_at is not null)))) as overdue,
                (select count(*) from (
                    select from job_event where seq is null limit 100000) as e) as unsequenced
            """;

    /**
     * At one moment.
     *
     * @param queued that nothing but room is missing to
     * @param live Jobs in the cluster, or on their way there
     * @param podsRemain jobs that have ended, and pods of them that may run remain
     * @param headWaits how long ago the next to be admitted was submitted
     * @param overdue how late the check is that should have begun first
     * @param unsequenced events that no follower of the feed can see yet
     */
    public record Count(
            long queued,
            long live,
            long podsRemain,
            Duration headWaits,
            Duration overdue,
            long unsequenced) {
        public static final Count NOTHING = new Count(0, 0, 0, Duration.ZERO, Duration.ZERO, 0);
    }

    private final Database database;

    public Census(Database database) {
        this.database = database;
    }

    public Count of(String cluster) {
        return database.statement(handle ->
                handle.createQuery(TAKE)
                        .bind("cluster", cluster)
                        .map((row, c) ->
                                new Count(
                                        row.getLong("queued"),
                                        row.getLong("live"),
                                        row.getLong("pods_remain"),
                                        seconds(row.getDouble("head_waits")),
                                        seconds(row.getDouble("overdue")),
                                        row.getLong("unsequenced")))
                        .one());
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis(Math.max(0, Math.round(seconds * 1_000)));
    }
}
