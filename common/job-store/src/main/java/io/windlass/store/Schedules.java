package io.windlass.store;

import io.windlass.json.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Schedules as the API shows and changes them; what became of their instants is the ledger's. */
public final class Schedules {
    static final String COLUMNS =
            """
            select id, namespace, name, cluster, of_set, definition::text as definition, version, paused, changed_by,
                created_at, changed_at, accounted_until, next_due
            from schedule
            """;

    private static final String INSERT =
            """
            insert into schedule (id, namespace, name, cluster, of_set, definition, definition_version, labels, version,
                paused, changed_by, created_at, changed_at, accounted_until, next_due)
            select :id, :namespace, :name, :cluster, :set, cast(:definition as jsonb), :definitionVersion,
                cast(:labels as jsonb), 1, :paused, :changedBy, now, now, now, now
            from (select clock_timestamp() as now) moment
            on conflict on constraint schedule_name do nothing
            """;

    /** How definitions are written; readers of the next version read this one too. */
    private static final int DEFINITION_VERSION = 1;

    /** As asked for, without who it is and whether it is paused. */
    public record NewSchedule(
            UUID id,
            String namespace,
            String name,
            String cluster,
            @Nullable String set,
            Map<String, @Nullable Object> definition,
            Map<String, String> labels,
            boolean paused,
            String changedBy) {}

    /** As stored. */
    public record StoredSchedule(
            UUID id,
            String namespace,
            String name,
            String cluster,
            @Nullable String set,
            Map<String, @Nullable Object> definition,
            int version,
            boolean paused,
            String changedBy,
            Instant createdAt,
            Instant changedAt,
            Instant accountedUntil,
            @Nullable Instant nextDue) {}

    private final Database database;

    public Schedules(Database database) {
        this.database = database;
    }

    /** False where there is one of that name. It is looked at at once, and plans from now on. */
    public boolean create(NewSchedule schedule) {
        return database.statement(handle -> insert(handle, schedule));
    }

    private static boolean insert(Handle handle, NewSchedule schedule) {
        return handle.createUpdate(INSERT)
                        .bind("id", schedule.id())
                        .bind("namespace", schedule.namespace())
                        .bind("name", schedule.name())
                        .bind("cluster", schedule.cluster())
                        .bind("set", schedule.set())
                        .bind("definition", Json.write(schedule.definition()))
                        .bind("definitionVersion", DEFINITION_VERSION)
                        .bind("labels", Json.write(schedule.labels()))
                        .bind("paused", schedule.paused())
                        .bind("changedBy", schedule.changedBy())
                        .execute()
                == 1;
    }

    public Optional<StoredSchedule> find(String namespace, String name) {
        return database.statement(handle ->
                handle.createQuery(COLUMNS + " where namespace = :namespace and name = :name")
                        .bind("namespace", namespace)
                        .bind("name", name)
                        .map((row, context) -> stored(row))
                        .findOne());
    }

    /** Its ledger goes with it; its jobs stay. */
    public boolean delete(UUID id) {
        return database.statement(handle ->
                handle.createUpdate("delete from schedule where id = :id").bind("id", id).execute()
                        == 1);
    }

    public List<StoredSchedule> ofSet(String set) {
        return database.statement(handle ->
                handle.createQuery(COLUMNS + " where of_set = :set order by namespace, name")
                        .bind("set", set)
                        .map((row, context) -> stored(row))
                        .list());
    }

    static StoredSchedule stored(ResultSet row) throws SQLException {
        return new StoredSchedule(
                row.getObject("id", UUID.class),
                row.getString("namespace"),
                row.getString("name"),
                row.getString("cluster"),
                row.getString("of_set"),
                Json.object(row.getString("definition")),
                row.getInt("version"),
                row.getBoolean("paused"),
                row.getString("changed_by"),
                Rows.present(row, "created_at"),
                Rows.present(row, "changed_at"),
                Rows.present(row, "accounted_until"),
                Rows.instant(row, "next_due"));
    }
}
