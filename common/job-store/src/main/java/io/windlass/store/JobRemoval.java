package io.windlass.store;

import io.windlass.job.BoundedText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes jobs that are settled, with all that hangs on them but their lines of the feed: in
 * transactions of so many rows, so that each is short. What fails alone is set aside in its row.
 */
final class JobRemoval {
    private static final Logger LOG = LoggerFactory.getLogger(JobRemoval.class);

    /** To count what hangs on many large jobs takes too long as well. */
    private static final int WEIGHED_AT_ONCE = 20;

    private static final String WEIGH =
            """
            select s.job_id,
                (select count(*) from (select from job_pod p where p.job_id = s.job_id limit :most) pods)
                + (select count(*) from (select from log l where l.job_id = s.job_id limit :most) logs)
                + (select count(*) from (
                    select from log l join log_piece p on p.log_id = l.id where l.job_id = s.job_id limit :most) pieces)
                as held
            from job_state s where s.job_id = any(:ids) and s.settled order by s.finished_at, s.job_id
            """;

    private static final String SETTLED =
            "select job_id from job_state where job_id = any(:ids) and settled order by job_id for update skip locked";

    private static final List<String> DELETE =
            List.of(
                    """
                    update schedule_run r set job_state = s.state
                    from job j join job_state s on s.job_id = j.id
                    where j.id = any(:ids) and r.schedule_id = j.schedule_id and r.planned_at = j.planned_at
                    """,
                    """
                    insert into forgotten_job (job_id, namespace, last_at)
                    select j.id, j.namespace, e.at from job j
                    join lateral (
                        select at from job_event where job_id = j.id order by version desc limit 1) e on true
                    where j.id = any(:ids) on conflict do nothing
                    """,
                    "delete from job where id = any(:ids)");

    private static final String DROP_LOGS =
            """
            update log set dropped_at = clock_timestamp()
            where job_id = any(:ids) and closed_at is not null and dropped_at is null
            """;

    /** In this order: nothing of a later one goes before all of the earlier ones are gone. */
    private static final List<String> PORTIONS =
            List.of(
                    """
                    delete from log_piece where (log_id, from_byte) in (
                        select p.log_id, p.from_byte from log l join log_piece p on p.log_id = l.id
                        where l.job_id = any(:ids) limit :most)
                    """,
                    """
                    delete from log_pod where (job_id, pod_uid) in (
                        select job_id, pod_uid from log_pod where job_id = any(:ids) limit :most)
                    """,
                    """
                    delete from job_pod where (job_id, attempt, pod_uid) in (
                        select job_id, attempt, pod_uid from job_pod where job_id = any(:ids) limit :most)
                    """);

    private static final String SET_ASIDE =
            """
            update job_state set forget_tries = forget_tries + 1, forget_error = :error,
                forget_since = coalesce(forget_since, clock_timestamp()), forget_at = clock_timestamp() + %s
            where job_id = :id
            """
                    .formatted(SetAside.restAfter("forget_tries"));

    private record Weighed(UUID id, long rows) {}

    private final Database database;
    private final int rows;
    private final AtomicLong setAside = new AtomicLong();

    /** So many rows in one transaction, or one job that has none beside its own. */
    JobRemoval(Database database, int rows) {
        this.database = database;
        this.rows = rows;
    }

    /** How often one was set aside. */
    long setAside() {
        return setAside.get();
    }

    /** How many of them are gone: those that are settled, and that nobody else removes just now. */
    int remove(UUID[] ids) {
        int gone = 0;
        List<UUID> together = new ArrayList<>();
        long held = 0;
        for (int from = 0; from < ids.length; from += WEIGHED_AT_ONCE) {
            for (Weighed job : weigh(ids, from)) {
                if (held + job.rows() > rows) {
                    gone += removeTogether(together);
                    together = new ArrayList<>();
                    held = 0;
                }
                if (job.rows() > rows) {
                    gone += removeAlone(job.id(), this::removeInPortions);
                } else {
                    together.add(job.id());
                    held += job.rows() + 1;
                }
            }
        }
        return gone + removeTogether(together);
    }

    private List<Weighed> weigh(UUID[] ids, int from) {
        UUID[] some = Arrays.copyOfRange(ids, from, Math.min(ids.length, from + WEIGHED_AT_ONCE));
        return database.statement(handle ->
                handle.createQuery(WEIGH)
                        .bind("ids", some)
                        .bind("most", rows + 1)
                        .map((row, context) ->
                                new Weighed(
                                        row.getObject("job_id", UUID.class), row.getLong("held")))
                        .list());
    }

    private interface Removal {
        int of(List<UUID> ids);
    }

    /** In one transaction; where that does not work in two, and at last one by one. */
    private int removeTogether(List<UUID> ids) {
        if (ids.size() < 2) {
            return ids.isEmpty() ? 0 : removeAlone(ids.getFirst(), this::removeAtOnce);
        }
        try {
            return removeAtOnce(ids);
        } catch (StoreException e) {
            return removeHalves(ids);
        } catch (DatabaseAwayException e) {
            if (!SqlState.tookTooLong(e)) {
                throw e;
            }
            return removeHalves(ids);
        }
    }

    private int removeHalves(List<UUID> ids) {
        int half = ids.size() / 2;
        return removeTogether(ids.subList(0, half)) + removeTogether(ids.subList(half, ids.size()));
    }

    private int removeAlone(UUID id, Removal removal) {
        try {
            return removal.of(List.of(id));
        } catch (StoreException e) {
            setAside(id, e);
        } catch (DatabaseAwayException e) {
            if (!SqlState.tookTooLong(e)) {
                throw e;
            }
            setAside(id, e);
        }
        return 0;
    }

    private int removeInPortions(List<UUID> ids) {
        boolean dropped = false;
        for (String portion : PORTIONS) {
            while (delete(portion, ids, !dropped) == rows) {
                dropped = true;
            }
            dropped = true;
        }
        return removeAtOnce(ids);
    }

    /** Before its pieces go a log says that it is not kept any more. */
    private int delete(String portion, List<UUID> ids, boolean first) {
        return database.transaction(handle -> {
            UUID[] settled = settled(handle, ids);
            if (first) {
                handle.createUpdate(DROP_LOGS).bind("ids", settled).execute();
            }
            return handle.createUpdate(portion).bind("ids", settled).bind("most", rows).execute();
        });
    }

    private int removeAtOnce(List<UUID> ids) {
        return database.transaction(handle -> {
            UUID[] settled = settled(handle, ids);
            if (settled.length > 0) {
                DELETE.forEach(sql -> handle.createUpdate(sql).bind("ids", settled).execute());
            }
            return settled.length;
        });
    }

    private static UUID[] settled(Handle handle, List<UUID> ids) {
        return handle.createQuery(SETTLED)
                .bind("ids", ids.toArray(UUID[]::new))
                .mapTo(UUID.class)
                .list()
                .toArray(UUID[]::new);
    }

    private void setAside(UUID id, RuntimeException why) {
        setAside.incrementAndGet();
        String error = String.valueOf(why.getMessage());
        LOG.warn("job {} cannot be forgotten, and is set aside: {}", id, error);
        try {
            database.statement(handle ->
                    handle.createUpdate(SET_ASIDE)
                            .bind("id", id)
                            .bind("error", BoundedText.of(error, SetAside.LONGEST_ERROR))
                            .execute());
        } catch (StoreException e) {
            LOG.warn("job {} cannot even be set aside: {}", id, e.getMessage());
        }
    }
}
