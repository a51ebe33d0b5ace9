package io.windlass.migrations;

import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.callback.BaseCallback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;

/**
 * Who waits for a table holds up all that come after him: so a script waits for seconds only, and
 * is tried again. Not those that are no transaction: what makes an index concurrently holds nobody
 * up.
 */
final class NoLongQueues extends BaseCallback {
    private static final String SECONDS_ONLY = "set local lock_timeout = '3s'";

    @Override
    public boolean supports(Event event, Context context) {
        return event == Event.BEFORE_EACH_MIGRATE;
    }

    @Override
    public void handle(Event event, Context context) {
        try (Statement statement = context.getConnection().createStatement()) {
            statement.execute(SECONDS_ONLY);
        } catch (SQLException e) {
            throw new FlywayException("no time-out can be set", e);
        }
    }
}
