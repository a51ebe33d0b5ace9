package io.windlass.store;

import io.windlass.job.BoundedText;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A schedule that nobody can account for, so that the others go on. Its row says so: it is tried
 * again at its time, whoever does that then.
 *
 * @param tries in a row
 * @param error of the last try
 */
public record ScheduleSetAside(int tries, Instant since, @Nullable String error) {
    private static final Logger LOG = LoggerFactory.getLogger(ScheduleSetAside.class);

    private static final String SET =
            """
            update schedule set set_aside_tries = set_aside_tries + 1,
                set_aside_since = coalesce(set_aside_since, :now), set_aside_error = :error,
                next_due = cast(:now as timestamptz)
                    + %s
            where id = :id returning namespace, name, set_aside_tries
            """
                    .formatted(SetAside.restAfter("set_aside_tries"));

    private record Told(String namespace, String name, int tries) {}

    static @Nullable ScheduleSetAside read(ResultSet row) throws SQLException {
        Instant since = Rows.instant(row, "set_aside_since");
        return since == null
                ? null
                : new ScheduleSetAside(
                        row.getInt("set_aside_tries"), since, row.getString("set_aside_error"));
    }

    /** Told once, and not at each try. */
    static void write(Handle handle, UUID id, String error, Instant now) {
        String bounded = BoundedText.of(error, SetAside.LONGEST_ERROR);
        handle.createQuery(SET)
                .bind("id", id)
                .bind("error", bounded)
                .bind("now", Rows.time(now))
                .map((row, context) ->
                        new Told(
                                row.getString("namespace"),
                                row.getString("name"),
                                row.getInt("set_aside_tries")))
                .findOne()
                .filter(told -> told.tries() == 1)
                .ifPresent(told ->
                        LOG.error(
                                "schedule {}/{} is set aside, its instants wait: {}",
                                told.namespace(),
                                told.name(),
                                bounded));
    }
}
