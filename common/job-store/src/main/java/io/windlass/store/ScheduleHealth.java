package io.windlass.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How the runs of a schedule end, and whether there are any.
 *
 * @param took how long the last run that succeeded took, from its submission
 * @param failures in a row, since the last success
 * @param overdueAt when a success is missed if none has come since {@code overdueAfter}
 * @param missedAt when instants were last found to be missed
 * @param setAside where nobody can account for it
 */
public record ScheduleHealth(
        @Nullable Instant lastSuccessAt,
        @Nullable Duration took,
        int failures,
        @Nullable Instant lastFailureAt,
        @Nullable String lastFailure,
        @Nullable Instant overdueAt,
        @Nullable Instant overdueAfter,
        @Nullable Instant missedAt,
        int missed,
        @Nullable ScheduleSetAside setAside) {

    static final String COLUMNS =
            """
            overdue_at, overdue_after, missed_at, missed,
                last_success_at, took_ms, failures, last_failure_at, last_failure,
                set_aside_tries, set_aside_since, set_aside_error\
            """;

    /** What somebody should look at. */
    public enum Trouble {
        OVERDUE,
        MISSED,
        FAILING,
        SET_ASIDE
    }

    /**
     * All that it is in.
     *
     * @param failingAfter so many failures in a row
     */
    public List<Trouble> troubles(Instant now, int failingAfter) {
        List<Trouble> troubles = new ArrayList<>();
        if (overdueAt != null
                && !overdueAt.isAfter(now)
                && Objects.equals(lastSuccessAt, overdueAfter)) {
            troubles.add(Trouble.OVERDUE);
        }
        if (missedAt != null && (lastSuccessAt == null || lastSuccessAt.isBefore(missedAt))) {
            troubles.add(Trouble.MISSED);
        }
        if (failures >= failingAfter) {
            troubles.add(Trouble.FAILING);
        }
        if (setAside != null) {
            troubles.add(Trouble.SET_ASIDE);
        }
        return List.copyOf(troubles);
    }

    static ScheduleHealth read(ResultSet row) throws SQLException {
        long took = row.getLong("took_ms");
        Duration duration = row.wasNull() ? null : Duration.ofMillis(took);
        return new ScheduleHealth(
                Rows.instant(row, "last_success_at"),
                duration,
                row.getInt("failures"),
                Rows.instant(row, "last_failure_at"),
                row.getString("last_failure"),
                Rows.instant(row, "overdue_at"),
                Rows.instant(row, "overdue_after"),
                Rows.instant(row, "missed_at"),
                row.getInt("missed"),
                ScheduleSetAside.read(row));
    }
}
