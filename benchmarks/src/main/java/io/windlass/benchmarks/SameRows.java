package io.windlass.benchmarks;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.postgresql.util.PGobject;

/**
 * Inserts what one submission leaves in the tables, in one transaction, with plain JDBC: the rows
 * of a job that was really submitted, under a new id.
 */
final class SameRows implements Crowd.Member {
    private record Row(String sql, int idAt, List<Object> values) {}

    private final Connection connection;
    private final List<Row> rows = new ArrayList<>();
    private final List<PreparedStatement> statements = new ArrayList<>();

    SameRows(String url, String template) throws SQLException {
        connection = DriverManager.getConnection(url, "postgres", "postgres");
        connection.setAutoCommit(false);
        rows.add(row("job", "id", template));
        rows.add(row("job_state", "job_id", template));
        rows.add(row("job_event", "job_id", template));
        for (Row row : rows) {
            statements.add(connection.prepareStatement(row.sql()));
        }
        connection.commit();
    }

    private Row row(String table, String idColumn, String template) throws SQLException {
        String select =
                "select * from " + table + " where " + idColumn + " = '" + template + "' limit 1";
        try (PreparedStatement query = connection.prepareStatement(select);
                ResultSet found = query.executeQuery()) {
            found.next();
            ResultSetMetaData meta = found.getMetaData();
            List<String> columns = new ArrayList<>();
            List<Object> values = new ArrayList<>();
            int idAt = 0;
            for (int i = 1; i <= meta.getColumnCount(); i++) {
                // the feed's number is given later, by somebody else
                if (found.getObject(i) != null && !meta.getColumnName(i).equals("seq")) {
                    columns.add(meta.getColumnName(i));
                    values.add(found.getObject(i));
                    idAt = meta.getColumnName(i).equals(idColumn) ? columns.size() : idAt;
                }
            }
            String marks = String.join(", ", columns.stream().map(c -> "?").toList());
            return new Row(
                    "insert into "
                            + table
                            + " ("
                            + String.join(", ", columns)
                            + ") values ("
                            + marks
                            + ")",
                    idAt,
                    values);
        }
    }

    @Override
    public void once() throws SQLException {
        UUID id = newId();
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            PreparedStatement statement = statements.get(i);
            for (int v = 0; v < row.values().size(); v++) {
                if (v + 1 == row.idAt()) {
                    statement.setObject(v + 1, id);
                } else if (row.values().get(v) instanceof PGobject json) {
                    statement.setObject(v + 1, json, Types.OTHER);
                } else {
                    statement.setObject(v + 1, row.values().get(v));
                }
            }
            statement.executeUpdate();
        }
        connection.commit();
    }

    /** In the order of time, as those of jobs. */
    private static UUID newId() {
        long millis = System.currentTimeMillis();
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return new UUID(
                millis << 16 | 0x7000 | random.nextInt(0x1000), random.nextLong() >>> 2 | 1L << 63);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
