package io.windlass.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
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

    /**
     * Returns when something was announced, when the time is up, or when the connection broke;
     * false where certainly nothing was.
     */
    public boolean await(Duration most) throws InterruptedException {
        try {
            boolean begun = open == null;
            PGNotification[] heard =
                    listening().unwrap(PGConnection.class).getNotifications((int) most.toMillis());
            return begun || (heard != null && heard.length > 0);
        } catch (SQLException e) {
            LOG.info("LISTEN is begun anew: {}", e.getMessage());
            close();
            Thread.sleep(most);
            return true;
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
