package io.windlass.migrations;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Indexes whose making was interrupted: no query goes by them, every write pays for them, and
 * nothing says so.
 */
final class Indexes {
    private static final Logger LOG = LoggerFactory.getLogger(Indexes.class);

    private static final String INVALID =
            """
            select format('%I.%I', n.nspname, c.relname) from pg_index i
            join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
            where not i.indisvalid and c.relkind = 'i' and n.nspname = current_schema() order by 1
            """;

    /** What an interrupted {@code reindex concurrently} leaves behind beside the index itself. */
    private static final Pattern LEFTOVER = Pattern.compile(".*_cc(new|old)\\d*\"?");

    private Indexes() {}

    static List<String> invalid(Connection connection) throws SQLException {
        List<String> names = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(INVALID)) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    /** Made anew beside those who work, which may take long, and holds nobody up. */
    static void makeValid(Connection connection) throws SQLException {
        for (String index : invalid(connection)) {
            LOG.info("index {} was not finished: it is made anew", index);
            try (Statement statement = connection.createStatement()) {
                statement.execute(
                        LEFTOVER.matcher(index).matches()
                                ? "drop index concurrently if exists " + index
                                : "reindex index concurrently " + index);
            }
        }
    }
}
