package io.windlass.store;

import io.windlass.job.JobId;
import io.windlass.job.JobState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The history of jobs, and its order: whoever has seen number n has seen all that there is up to n.
 */
public final class EventFeed implements Sequencing {
    /** The channel on which new numbers are announced; a hint, never needed. */
    public static final String CHANNEL = "windlass_events";

    private static final String LOCK =
            "select pg_try_advisory_xact_lock(hashtextextended('windlass event feed', 0))";

    private static final String SEQUENCE =
            """
            with picked as (
                select job_id, version, row_number() over (order by job_id, version) as n
                from (select job_id, version from job_event where seq is null
                      order by job_id, version limit :most) unsequenced),
            moved as (
                update event_feed set last_seq = last_seq + (select count(*) from picked)
                where exists (select from picked)
                returning last_seq - (select count(*) from picked) as base)
            update job_event e set seq = moved.base + picked.n
            from picked, moved
            where e.job_id = picked.job_id and e.version = picked.version
            """;

    private static final String AFTER =
            """
            select e.*, j.namespace from job_event e join job j on j.id = e.job_id
            where e.seq > :after order by e.seq limit :most
            """;

    private static final String STEPS =
            "select seq, job_id, to_state from job_event where seq > :after order by seq limit :most";

    private static final String AT = "select job_id, version, at from job_event where seq = :seq";

    private static final String OF_JOB =
            "select e.*, null as namespace from job_event e where job_id = :id order by version";

    private static final String LAST = "select last_seq from event_feed";

    /** A line of history as stored; no number yet where the sequencer has not come by. */
    public record StoredEvent(
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

    /** What identifies an event beside its number: a restored database gives numbers again. */
    public record Position(JobId jobId, int version, Instant at) {}

    private final Database database;

    public EventFeed(Database database) {
        this.database = database;
    }

    @Override
    public int sequence(int most) {
        return database.transaction(handle -> {
            if (!handle.createQuery(LOCK).mapTo(Boolean.class).one()) {
                return 0;
            }
            int numbered = handle.createUpdate(SEQUENCE).bind("most", most).execute();
            if (numbered > 0) {
                handle.execute("select pg_notify('" + CHANNEL + "', '')");
            }
            return numbered;
        });
    }

    public List<StoredEvent> after(long seq, int most) {
        return database.statement(handle ->
                handle.createQuery(AFTER)
                        .bind("after", seq)
                        .bind("most", most)
                        .map((row, context) -> event(row))
                        .list());
    }

    public List<Step> stepsAfter(long seq, int most) {
        return database.statement(handle ->
                handle.createQuery(STEPS)
                        .bind("after", seq)
                        .bind("most", most)
                        .map((row, context) ->
                                new Step(
                                        row.getLong("seq"),
                                        new JobId(row.getObject("job_id", UUID.class)),
                                        JobState.valueOf(row.getString("to_state"))))
                        .list());
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

    public List<StoredEvent> ofJob(JobId id) {
        return database.statement(handle ->
                handle.createQuery(OF_JOB)
                        .bind("id", id.value())
                        .map((row, context) -> event(row))
                        .list());
    }

    public long last() {
        return database.statement(h -> h.createQuery(LAST).mapTo(Long.class).one());
    }

    private static StoredEvent event(ResultSet row) throws SQLException {
        return new StoredEvent(
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
