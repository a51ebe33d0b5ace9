package io.windlass.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * LISTEN on a connection of its own, opened anew when it breaks. A hint: whoever waits also looks
 * by himself.
 */
public final class Notifications implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Notifications.class);

    private final Database database;
    private final String channel;
    private @Nullable Connection open;

    public Notifications(Database database, String channel) {
        this.database = database;
        this.channel = channel;
    }

    /** Returns when something was announced, when the time is up, or when the connection broke. */
    public void await(Duration most) throws InterruptedException {
        try {
            listening().unwrap(PGConnection.class).getNotifications((int) most.toMillis());
        } catch (SQLException e) {
            LOG.info("LISTEN is begun anew: {}", e.getMessage());
            close();
            Thread.sleep(most);
        }
    }

    private Connection listening() throws SQLException {
        Connection connection = open;
        if (connection == null) {
            connection = database.dedicated();
            open = connection;
            try (Statement statement = connection.createStatement()) {
                statement.execute("listen " + channel);
            }
        }
        return connection;
    }

    @Override
    public void close() {
        Connection connection = open;
        open = null;
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                LOG.debug("it was broken already", e);
            }
        }
    }
}
