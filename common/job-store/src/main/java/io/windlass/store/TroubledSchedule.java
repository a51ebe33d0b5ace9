package io.windlass.store;

import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * A schedule that somebody should look at, and why. Without its definition: that may be long, and
 * there may be many.
 */
public record TroubledSchedule(
        String namespace, String name, String cluster, ScheduleHealth health) {
    static final String COLUMNS =
            "select namespace, name, cluster, "
                    + ScheduleHealth.COLUMNS
                    + " from schedule left join schedule_health on schedule_id = id";

    static TroubledSchedule of(ResultSet row) throws SQLException {
        return new TroubledSchedule(
                row.getString("namespace"),
                row.getString("name"),
                row.getString("cluster"),
                ScheduleHealth.read(row));
    }
}
