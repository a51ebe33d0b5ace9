package io.windlass.store;

import io.windlass.json.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** Schedules as the API shows and changes them; what became of their instants is the ledger's. */
public final class Schedules {
    /** Where changes are announced. */
    public static final String CHANNEL = "windlass_schedules";

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

    private static final String LIST =
            """
             where (cast(:namespaces as text[]) is null or namespace = any(cast(:namespaces as text[])))
                and (cast(:afterName as text) is null
                    or (namespace, name) > (cast(:afterNamespace as text), cast(:afterName as text)))
            order by namespace, name limit :most
            """;

    private static final String REPLACE =
            """
            update schedule set definition = cast(:definition as jsonb), definition_version = :definitionVersion,
                labels = cast(:labels as jsonb), cluster = :cluster, of_set = :set, paused = :paused, version = version + 1,
                changed_by = :changedBy, changed_at = clock_timestamp()
            where id = :id
            """;

    /** How definitions are written; readers of the next version read this one too. */
    private static final int DEFINITION_VERSION = 1;

    /** The last schedule of the page before. */
    public record After(String namespace, String name) {}

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
            @Nullable Instant nextDue) {

        /**
         * The definition with who it is and whether it is paused: as a reader of schedules wants
         * it.
         */
        public Map<String, @Nullable Object> tree() {
            Map<String, @Nullable Object> tree = new LinkedHashMap<>(definition);
            tree.put("namespace", namespace);
            tree.put("name", name);
            tree.put("paused", paused);
            return tree;
        }
    }

    private final Database database;

    public Schedules(Database database) {
        this.database = database;
    }

    /** False where there is one of that name. It is looked at at once, and plans from now on. */
    public boolean create(NewSchedule schedule) {
        return database.transaction(handle -> insert(handle, schedule) && announced(handle));
    }

    /** To whoever sleeps until the next instant: it may be sooner now. */
    private static boolean announced(Handle handle) {
        handle.execute("select pg_notify('" + CHANNEL + "', '')");
        return true;
    }

    /** Under the lock of its row, once it is accounted for. */
    static void replace(Handle handle, NewSchedule schedule) {
        bind(handle.createUpdate(REPLACE), schedule).execute();
        announced(handle);
    }

    private static boolean insert(Handle handle, NewSchedule schedule) {
        return bind(handle.createUpdate(INSERT), schedule)
                        .bind("namespace", schedule.namespace())
                        .bind("name", schedule.name())
                        .execute()
                == 1;
    }

    private static Update bind(Update into, NewSchedule schedule) {
        return into.bind("id", schedule.id())
                .bind("cluster", schedule.cluster())
                .bind("set", schedule.set())
                .bind("definition", Json.write(schedule.definition()))
                .bind("definitionVersion", DEFINITION_VERSION)
                .bind("labels", Json.write(schedule.labels()))
                .bind("paused", schedule.paused())
                .bind("changedBy", schedule.changedBy());
    }

    public Optional<StoredSchedule> find(String namespace, String name) {
        return database.statement(handle ->
                handle.createQuery(COLUMNS + " where namespace = :namespace and name = :name")
                        .bind("namespace", namespace)
                        .bind("name", name)
                        .map((row, context) -> stored(row))
                        .findOne());
    }

    /**
     * Those of the namespaces that the caller may see, null means all; in the order of their names.
     */
    public List<StoredSchedule> list(
            @Nullable Collection<String> namespaces, @Nullable After after, int most) {
        return database.statement(handle ->
                handle.createQuery(COLUMNS + LIST)
                        .bind(
                                "namespaces",
                                namespaces == null ? null : namespaces.toArray(String[]::new))
                        .bind("afterNamespace", after == null ? null : after.namespace())
                        .bind("afterName", after == null ? null : after.name())
                        .bind("most", most)
                        .map((row, context) -> stored(row))
                        .list());
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
