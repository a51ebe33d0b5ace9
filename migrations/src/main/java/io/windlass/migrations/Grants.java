package io.windlass.migrations;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the services' database users what their services need and takes the rest away, in one
 * transaction: who works meanwhile notices nothing.
 */
final class Grants {
    private static final Logger LOG = LoggerFactory.getLogger(Grants.class);
    private static final String EXISTS = "select 1 from pg_roles where rolname = ?";
    private static final String MAKE = "select format('create role %I', ?::text)";
    private static final String LOGIN =
            "select format('alter role %I login password %L', ?::text, ?::text)";
    private static final String SCHEMA =
            "select format('grant usage on schema %I to %I', current_schema(), ?::text)";
    private static final String NOTHING =
            "select format('revoke all on ' || ?::text || ' from %I', ?::text)";
    private static final String GRANT = "select format('grant ' || ?::text || ' to %I', ?::text)";

    /** Several at once wait for each other. */
    private static final String ALONE = "select pg_advisory_xact_lock(7316204518842)";

    private Grants() {}

    /** Nothing where a later version has been here: its services need what is not known here. */
    static void apply(DataSource dataSource, List<ServiceRole> roles) throws SQLException {
        if (Migrations.isAhead(dataSource)) {
            LOG.info(
                    "a later version has migrated this database: the users' rights stay as they are");
            return;
        }
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute(ALONE);
            }
            for (ServiceRole role : roles) {
                apply(connection, role);
            }
            connection.commit();
            roles.forEach(role -> LOG.info("{} may do what {} needs", role.user(), role.kind()));
        }
    }

    private static void apply(Connection connection, ServiceRole role) throws SQLException {
        if (!exists(connection, role.user())) {
            execute(connection, MAKE, role.user());
        }
        execute(connection, LOGIN, role.user(), role.password());
        execute(connection, SCHEMA, role.user());
        execute(connection, NOTHING, ServiceRole.TABLES, role.user());
        for (String grant : role.kind().grants()) {
            execute(connection, GRANT, grant, role.user());
        }
    }

    private static boolean exists(Connection connection, String user) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(EXISTS)) {
            statement.setString(1, user);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    /** Names and passwords are quoted by the database itself. */
    private static void execute(Connection connection, String format, String... values)
            throws SQLException {
        String command;
        try (PreparedStatement quoted = connection.prepareStatement(format)) {
            for (int i = 0; i < values.length; i++) {
                quoted.setString(i + 1, values[i]);
            }
            try (ResultSet row = quoted.executeQuery()) {
                row.next();
                command = row.getString(1);
            }
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute(command);
        }
    }
}
