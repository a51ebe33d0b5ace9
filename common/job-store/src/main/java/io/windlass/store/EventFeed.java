package io.windlass.store;

import io.windlass.job.JobId;
import io.windlass.job.JobState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The history of jobs, and its order: whoever has seen number n has seen all that there is up to n.
 */
public final class EventFeed implements Sequencing {
    /** The channel on which new numbers are announced; a hint, never needed. */
    public static final String CHANNEL = "windlass_events";

    /**
     * Server, timeline and database: others after a restore or a failover, when numbers may be
     * given again. The timeline is that of now; {@code pg_control_checkpoint()} has that of the
     * last checkpoint, and who was just promoted has made none yet.
     */
    private static final String HOME =
            """
            case when not pg_is_in_recovery() then
                (select system_identifier::text from pg_control_system()) || '/'
                || left(pg_walfile_name(pg_current_wal_lsn()), 8) || '/'
                || (select oid::text from pg_database where datname = current_database()) end
            """;

    private static final String LOCK =
            "select pg_try_advisory_xact_lock(hashtextextended('windlass event feed', 0)) as alone,"
                    + " home is not distinct from ("
                    + HOME
                    + ") as home, clock_timestamp() as now from event_feed";

    private static final String BEGIN_EPOCH =
            """
            update event_feed set home = %s,
                epoch = case when home is null then epoch else left(replace(gen_random_uuid()::text, '-', ''), 12) end
            """
                    .formatted(HOME);

    // what is new, by time, and of its jobs all that has no number, by version: two transactions of
    // one job may have
    // begun the other way round. By the primary key, which the planner would not take if it read
    // "seq is null"
    private static final String SEQUENCE =
            """
            with jobs as materialized (
                select job_id, min(version) as lowest from (
                    select job_id, version from job_event where seq is null and at >= cast(:floor as timestamptz)
                    order by at limit :most) oldest
                group by job_id),
            picked as (
                select job_id, version, row_number() over (order by job_id, version) as n
                from jobs cross join lateral (
                    select version from job_event e
                    where e.job_id = jobs.job_id and e.version >= jobs.lowest - 100 and coalesce(e.seq, 0) = 0
                    order by version limit :most) unsequenced),
            moved as (
                update event_feed set last_seq = last_seq + (select count(*) from picked)
                where exists (select from picked)
                returning last_seq - (select count(*) from picked) as base)
            update job_event e set seq = moved.base + picked.n
            from picked, moved
            where e.job_id = picked.job_id and e.version = picked.version
            """;

    // of one moment: all that has a number up to the last one can be seen
    private static final String AFTER =
            """
            select feed.epoch, feed.last_seq, feed.pruned_to, e.*, coalesce(j.namespace, g.namespace) as namespace
            from event_feed feed
            left join lateral (
                select * from job_event where seq > coalesce(cast(:after as bigint), feed.pruned_to)
                order by seq limit :most) e on true
            left join job j on j.id = e.job_id
            left join forgotten_job g on g.job_id = e.job_id
            order by e.seq
            """;

    private static final String STEPS =
            """
            select feed.epoch, feed.last_seq, feed.pruned_to, e.seq, e.job_id, e.to_state
            from event_feed feed
            left join lateral (
                select seq, job_id, to_state from job_event where seq > cast(:after as bigint)
                order by seq limit :most) e on true
            order by e.seq
            """;

    private static final String AT = "select job_id, version, at from job_event where seq = :seq";

    private static final String OF_JOB =
            "select feed.epoch, e.*, null as namespace from event_feed feed, job_event e where job_id = :id and version > :after order by version limit :most";

    /** A line of history as stored; no number yet where the sequencer has not come by. */
    public record StoredEvent(
            String epoch,
            JobId jobId,
            int version,
            @Nullable Long seq,
            Instant at,
            @Nullable String from,
            String to,
            String reason,
            String message,
            String source,
            @Nullable String kind,
            @Nullable String name,
            @Nullable String uid,
            @Nullable Long resourceVersion,
            @Nullable String raw,
            @Nullable String namespace) {}

    /** Which state which job came to: all that whoever waits for an end needs. */
    public record Step(long seq, JobId jobId, JobState to) {}

    /**
     * What comes after a number, and how the feed stood at that moment.
     *
     * @param epoch numbers mean something only within it
     * @param begun the number after which it begins
     * @param last the highest number of all
     * @param prunedTo the highest number that was deleted
     */
    public record Page<T>(String epoch, long begun, long last, long prunedTo, List<T> items) {
        /** Whether nothing lies between that place and this page that was there and is no more. */
        public boolean continues(String otherEpoch, long seq) {
            return epoch.equals(otherEpoch) && prunedTo <= seq && seq <= last;
        }
    }

    /** What identifies an event beside its number: a restored database gives numbers again. */
    public record Position(JobId jobId, int version, Instant at) {}

    private record Turn(boolean alone, boolean home, Instant now) {}

    private record Round(Turn turn, Instant from, int numbered) {}

    private final Database database;
    private final Floor floor = new Floor(Duration.ofSeconds(10));

    public EventFeed(Database database) {
        this.database = database;
    }

    @Override
    public int sequence(int most) {
        Round round = database.transaction(handle -> sequence(handle, most));
        if (round.numbered() < most && round.turn().alone()) {
            floor.walked(round.from(), round.turn().now());
        }
        return Math.min(round.numbered(), most);
    }

    private Round sequence(Handle handle, int most) {
        Turn turn =
                handle.createQuery(LOCK)
                        .map((row, context) ->
                                new Turn(
                                        row.getBoolean("alone"),
                                        row.getBoolean("home"),
                                        Rows.present(row, "now")))
                        .one();
        Instant from = floor.at(turn.now());
        if (!turn.alone()) {
            return new Round(turn, from, 0);
        }
        if (!turn.home()) {
            handle.execute(BEGIN_EPOCH);
        }
        int numbered =
                handle.createUpdate(SEQUENCE)
                        .bind("floor", Rows.time(from))
                        .bind("most", most)
                        .execute();
        if (numbered > 0) {
            handle.execute("select pg_notify('" + CHANNEL + "', '')");
        }
        return new Round(turn, from, numbered);
    }

    /** From the beginning, which is where nothing was deleted yet, where there is no number. */
    public Page<StoredEvent> after(@Nullable Long seq, int most) {
        return page(AFTER, seq, most, EventFeed::event);
    }

    public Page<Step> stepsAfter(long seq, int most) {
        return page(
                STEPS,
                seq,
                most,
                row ->
                        new Step(
                                row.getLong("seq"),
                                new JobId(row.getObject("job_id", UUID.class)),
                                JobState.valueOf(row.getString("to_state"))));
    }

    private interface Reading<T> {
        T of(ResultSet row) throws SQLException;
    }

    private <T> Page<T> page(String sql, @Nullable Long seq, int most, Reading<T> reading) {
        return database.statement(handle ->
                handle.createQuery(sql)
                        .bind("after", seq)
                        .bind("most", most)
                        .scanResultSet((rows, context) -> read(rows.get(), seq, reading)));
    }

    private static <T> Page<T> read(ResultSet rows, @Nullable Long after, Reading<T> reading)
            throws SQLException {
        rows.next();
        String epoch = rows.getString("epoch");
        long last = rows.getLong("last_seq");
        long prunedTo = rows.getLong("pruned_to");
        List<T> items = new ArrayList<>();
        boolean more = rows.getObject("seq") != null;
        while (more) {
            items.add(reading.of(rows));
            more = rows.next();
        }
        return new Page<>(epoch, after == null ? prunedTo : after, last, prunedTo, items);
    }

    public Optional<Position> at(long seq) {
        return database.statement(handle ->
                handle.createQuery(AT)
                        .bind("seq", seq)
                        .map((row, context) ->
                                new Position(
                                        new JobId(row.getObject("job_id", UUID.class)),
                                        row.getInt("version"),
                                        Rows.present(row, "at")))
                        .findOne());
    }

    /** All of them. */
    public List<StoredEvent> ofJob(JobId id) {
        return ofJob(id, 0, Integer.MAX_VALUE);
    }

    /** From the version after this one on. */
    public List<StoredEvent> ofJob(JobId id, int version, int most) {
        return database.statement(handle ->
                handle.createQuery(OF_JOB)
                        .bind("id", id.value())
                        .bind("after", version)
                        .bind("most", most)
                        .map((row, context) -> event(row))
                        .list());
    }

    private static StoredEvent event(ResultSet row) throws SQLException {
        return new StoredEvent(
                row.getString("epoch"),
                new JobId(row.getObject("job_id", UUID.class)),
                row.getInt("version"),
                row.getObject("seq", Long.class),
                Rows.present(row, "at"),
                row.getString("from_state"),
                row.getString("to_state"),
                row.getString("reason"),
                row.getString("message"),
                row.getString("source"),
                row.getString("kind"),
                row.getString("name"),
                row.getString("uid"),
                row.getObject("resource_version", Long.class),
                row.getString("raw"),
                row.getString("namespace"));
    }
}
