package io.windlass.store;

import io.windlass.json.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** Schedules as the API shows and changes them; what became of their instants is the ledger's. */
public final class Schedules {
    /** Where changes are announced. */
    public static final String CHANNEL = "windlass_schedules";

    static final String COLUMNS =
            """
            select id, namespace, name, cluster, of_set,
                coalesce(case when definition_text_version = version then definition_text end, %s) as definition, version, paused, changed_by,
                created_at, changed_at, accounted_until, next_due, %s
            from schedule left join schedule_health on schedule_id = id
            """
                    .formatted(StoredTree.printed("definition"), ScheduleHealth.COLUMNS);

    private static final String INSERT =
            """
            insert into schedule (id, namespace, name, cluster, of_set, definition, definition_text,
                definition_text_version, definition_version, labels, version,
                paused, changed_by, created_at, changed_at, accounted_until, next_due)
            select :id, :namespace, :name, :cluster, :set, cast(:definition as jsonb), :definition, 1, :definitionVersion,
                cast(:labels as jsonb), 1, :paused, :changedBy, now, now, now, now
            from (select clock_timestamp() as now) moment
            on conflict on constraint schedule_name do nothing
            """;

    private static final String LIST =
            """
             where (cast(:namespaces as text[]) is null or namespace = any(cast(:namespaces as text[])))
                and (cast(:set as text) is null or of_set = :set)
                and (cast(:labels as jsonb) = '{}' or labels @> cast(:labels as jsonb))
                and (cast(:afterName as text) is null
                    or (namespace, name) > (cast(:afterNamespace as text), cast(:afterName as text)))
            order by namespace, name limit :most
            """;

    private static final String REPLACE =
            """
            update schedule set definition = cast(:definition as jsonb), definition_text = :definition,
                definition_text_version = version + 1, definition_version = :definitionVersion,
                labels = cast(:labels as jsonb), cluster = :cluster, of_set = :set, paused = :paused, version = version + 1,
                changed_by = :changedBy, changed_at = clock_timestamp()
            where id = :id
            """;

    private static final String ENDED =
            """
             where id in (select schedule_id from schedule_health
                where last_end_at > clock_timestamp() - cast(:age as interval))
            """;

    /** More than are in trouble, by what has an index; the rest is said by their health. */
    private static final String PERHAPS_IN_TROUBLE =
            """
             where id in (select id from schedule where overdue_at <= clock_timestamp()
                    union all select id from schedule where missed_at is not null
                    union all select id from schedule where set_aside_since is not null
                    union all select schedule_id from schedule_health where failures >= :failingAfter)
                and (cast(:namespaces as text[]) is null or namespace = any(cast(:namespaces as text[])))
                and (overdue_at <= clock_timestamp() and last_success_at is not distinct from overdue_after
                    or missed_at is not null and (last_success_at is null or last_success_at < missed_at)
                    or set_aside_since is not null
                    or failures >= :failingAfter)
            order by namespace, name limit :most
            """;

    /** How definitions are written; readers of the next version read this one too. */
    private static final int DEFINITION_VERSION = 1;

    /** Which; null namespaces mean all that there are. */
    public record Filter(
            @Nullable Collection<String> namespaces,
            @Nullable String set,
            Map<String, String> labels) {}

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

    /**
     * As stored.
     *
     * @param definition empty where it cannot be read
     * @param unreadable why it cannot be read
     */
    public record StoredSchedule(
            UUID id,
            String namespace,
            String name,
            String cluster,
            @Nullable String set,
            Map<String, @Nullable Object> definition,
            @Nullable String unreadable,
            int version,
            boolean paused,
            String changedBy,
            Instant createdAt,
            Instant changedAt,
            Instant accountedUntil,
            @Nullable Instant nextDue,
            ScheduleHealth health) {

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
        return database.transaction(handle -> insert(handle, List.of(schedule)) == 1);
    }

    /** To whoever sleeps until the next instant: it may be sooner now. */
    private static void announce(Handle handle) {
        handle.execute("select pg_notify('" + CHANNEL + "', '')");
    }

    /** Under the lock of their rows, once they are accounted for. */
    static void replace(Handle handle, Collection<NewSchedule> schedules) {
        if (!schedules.isEmpty()) {
            PreparedBatch batch = handle.prepareBatch(REPLACE);
            schedules.forEach(schedule -> bind(batch, schedule).add());
            batch.execute();
            announce(handle);
        }
    }

    /** How many had a name that nobody has. */
    static int insert(Handle handle, Collection<NewSchedule> schedules) {
        if (schedules.isEmpty()) {
            return 0;
        }
        PreparedBatch batch = handle.prepareBatch(INSERT);
        schedules.forEach(schedule ->
                bind(batch, schedule)
                        .bind("namespace", schedule.namespace())
                        .bind("name", schedule.name())
                        .add());
        batch.execute();
        announce(handle);
        // the driver does not count the rows of a batch of inserts
        return handle.createQuery("select count(*) from schedule where id = any(:ids)")
                .bind("ids", schedules.stream().map(NewSchedule::id).toArray(UUID[]::new))
                .mapTo(Integer.class)
                .one();
    }

    private static PreparedBatch bind(PreparedBatch into, NewSchedule schedule) {
        return into.bind("id", schedule.id())
                .bind("cluster", schedule.cluster())
                .bind("set", schedule.set())
                .bind("definition", Json.write(schedule.definition()))
                .bind("definitionVersion", DEFINITION_VERSION)
                .bind("labels", Json.write(schedule.labels()))
                .bind("paused", schedule.paused())
                .bind("changedBy", schedule.changedBy());
    }

    static Optional<StoredSchedule> find(Handle handle, UUID id) {
        return handle.createQuery(COLUMNS + " where id = :id")
                .bind("id", id)
                .map((row, context) -> stored(row))
                .findOne();
    }

    public Optional<StoredSchedule> find(String namespace, String name) {
        return database.statement(handle ->
                handle.createQuery(COLUMNS + " where namespace = :namespace and name = :name")
                        .bind("namespace", namespace)
                        .bind("name", name)
                        .map((row, context) -> stored(row))
                        .findOne());
    }

    /** In the order of their names. */
    public List<StoredSchedule> list(Filter filter, @Nullable After after, int most) {
        return database.statement(handle ->
                handle.createQuery(COLUMNS + LIST)
                        .bind("namespaces", array(filter.namespaces()))
                        .bind("set", filter.set())
                        .bind("labels", Json.write(filter.labels()))
                        .bind("afterNamespace", after == null ? null : after.namespace())
                        .bind("afterName", after == null ? null : after.name())
                        .bind("most", most)
                        .map((row, context) -> stored(row))
                        .list());
    }

    /** Those that somebody should look at. */
    public List<TroubledSchedule> inTrouble(
            @Nullable Collection<String> namespaces, int failingAfter, int most) {
        return database.statement(handle ->
                handle.createQuery(TroubledSchedule.COLUMNS + PERHAPS_IN_TROUBLE)
                        .bind("namespaces", array(namespaces))
                        .bind("failingAfter", failingAfter)
                        .bind("most", most)
                        .map((row, context) -> TroubledSchedule.of(row))
                        .list());
    }

    /** Those of which a run ended no longer ago. */
    public List<StoredSchedule> endedWithin(Duration age) {
        return database.statement(handle ->
                handle.createQuery(COLUMNS + ENDED)
                        .bind("age", age.toSeconds() + " seconds")
                        .map((row, context) -> stored(row))
                        .list());
    }

    private static String @Nullable [] array(@Nullable Collection<String> values) {
        return values == null ? null : values.toArray(String[]::new);
    }

    /** Its ledger goes with it; its jobs stay. */
    public boolean delete(UUID id) {
        return database.statement(handle -> delete(handle, List.of(id)) == 1);
    }

    static int delete(Handle handle, Collection<UUID> ids) {
        return ids.isEmpty()
                ? 0
                : handle.createUpdate("delete from schedule where id = any(:ids)")
                        .bind("ids", ids.toArray(UUID[]::new))
                        .execute();
    }

    static StoredSchedule stored(ResultSet row) throws SQLException {
        StoredTree definition = StoredTree.of(row.getString("definition"));
        return new StoredSchedule(
                row.getObject("id", UUID.class),
                row.getString("namespace"),
                row.getString("name"),
                row.getString("cluster"),
                row.getString("of_set"),
                definition.tree(),
                definition.unreadable(),
                row.getInt("version"),
                row.getBoolean("paused"),
                row.getString("changed_by"),
                Rows.present(row, "created_at"),
                Rows.present(row, "changed_at"),
                Rows.present(row, "accounted_until"),
                Rows.instant(row, "next_due"),
                ScheduleHealth.read(row));
    }
}
