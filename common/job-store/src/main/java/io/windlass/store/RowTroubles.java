package io.windlass.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What of the database itself needs somebody: rows that were set aside, rows that cannot be read,
 * and indexes that are not valid.
 */
public final class RowTroubles {
    /** Rows of versions before, which alone may not be readable; so many of the newest are read. */
    private static final int MOST_READ = 2_000;

    /** Some of these rows may print as megabytes. */
    private static final int READ_AT_ONCE = 10;

    private static final String JOBS_SET_ASIDE =
            """
            select j.id, j.cluster, j.namespace, j.name, coalesce(s.forget_since, s.forget_at) as since,
                s.forget_tries as tries, s.forget_error as error
            from job_state s join job j on j.id = s.job_id
            where s.forget_at is not null and (cast(:namespaces as text[]) is null or j.namespace = any(:namespaces))
            order by s.forget_at limit :most
            """;

    private static final String CHECKS_SET_ASIDE =
            """
            select j.id, j.cluster, j.namespace, j.name, s.check_since as since,
                s.check_tries as tries, s.check_error as error
            from job_state s join job j on j.id = s.job_id
            where s.check_since is not null
                and (cast(:namespaces as text[]) is null or j.namespace = any(:namespaces))
            order by s.check_since limit :most
            """;

    private static final String LOGS_SET_ASIDE =
            """
            select p.job_id as id, p.cluster, p.namespace, p.pod || '/' || l.container as name,
                l.set_aside_since as since, l.set_aside_tries as tries, l.set_aside_error as error
            from log l join log_pod p on p.job_id = l.job_id and p.pod_uid = l.pod_uid
            where l.set_aside_since is not null
                and (cast(:namespaces as text[]) is null or p.namespace = any(:namespaces))
            order by l.set_aside_since limit :most
            """;

    private static final String SCHEDULES_SET_ASIDE =
            """
            select id, cluster, namespace, name, set_aside_since as since, set_aside_tries as tries,
                set_aside_error as error
            from schedule
            where set_aside_since is not null
                and (cast(:namespaces as text[]) is null or namespace = any(:namespaces))
            order by set_aside_since limit :most
            """;

    private static final String JOBS_WITHOUT_TEXT =
            """
            select j.id, j.cluster, j.namespace, j.name, j.submitted_at as since, %s as text from job j
            where j.spec_text is null and (cast(:namespaces as text[]) is null or j.namespace = any(:namespaces))
            order by j.submitted_at desc limit :most
            """
                    .formatted(Rows.SPEC);

    private static final String SCHEDULES_WITHOUT_TEXT =
            """
            select id, cluster, namespace, name, changed_at as since, %s as text from schedule
            where definition_text_version is distinct from version
                and (cast(:namespaces as text[]) is null or namespace = any(:namespaces))
            order by changed_at desc limit :most
            """
                    .formatted(StoredTree.printed("definition"));

    private static final String INVALID_INDEXES =
            """
            select indexed.relname as name, tables.relname as of_table
            from pg_index i
            join pg_class indexed on indexed.oid = i.indexrelid
            join pg_class tables on tables.oid = i.indrelid
            where not i.indisvalid and indexed.relkind = 'i' and indexed.relnamespace = to_regnamespace(current_schema())
            order by 1 limit :most
            """;

    public enum Kind {
        /** What is to be done for it in its cluster fails by itself. */
        CHECK_SET_ASIDE,
        /** Retention cannot delete it. */
        JOB_SET_ASIDE,
        /** It cannot be stored. */
        LOG_SET_ASIDE,
        /** Its instants cannot be accounted for. */
        SCHEDULE_SET_ASIDE,
        JOB_UNREADABLE,
        SCHEDULE_UNREADABLE
    }

    /**
     * A row that needs somebody.
     *
     * @param id of the job, or of the schedule
     * @param tries in a row; 0 where nobody tries
     * @param error of the last try
     */
    public record Trouble(
            Kind kind,
            UUID id,
            String cluster,
            String namespace,
            String name,
            Instant since,
            int tries,
            String error) {}

    /** Which nobody's queries use, and which is paid for at each write. */
    public record InvalidIndex(String name, String table) {}

    private final Database database;

    public RowTroubles(Database database) {
        this.database = database;
    }

    /** Null namespaces mean all. */
    public List<Trouble> rows(@Nullable Collection<String> namespaces, int most) {
        List<Trouble> troubles = new ArrayList<>();
        troubles.addAll(setAside(Kind.CHECK_SET_ASIDE, CHECKS_SET_ASIDE, namespaces, most));
        troubles.addAll(setAside(Kind.JOB_SET_ASIDE, JOBS_SET_ASIDE, namespaces, most));
        troubles.addAll(setAside(Kind.LOG_SET_ASIDE, LOGS_SET_ASIDE, namespaces, most));
        troubles.addAll(setAside(Kind.SCHEDULE_SET_ASIDE, SCHEDULES_SET_ASIDE, namespaces, most));
        troubles.addAll(unreadable(Kind.JOB_UNREADABLE, JOBS_WITHOUT_TEXT, namespaces));
        troubles.addAll(unreadable(Kind.SCHEDULE_UNREADABLE, SCHEDULES_WITHOUT_TEXT, namespaces));
        return troubles.stream().limit(most).toList();
    }

    private List<Trouble> setAside(
            Kind kind, String sql, @Nullable Collection<String> namespaces, int most) {
        return database.statement(handle ->
                handle.createQuery(sql)
                        .bind("namespaces", array(namespaces))
                        .bind("most", most)
                        .map((row, context) ->
                                trouble(
                                        kind,
                                        row,
                                        row.getInt("tries"),
                                        Objects.toString(row.getString("error"), "")))
                        .list());
    }

    private List<Trouble> unreadable(
            Kind kind, String sql, @Nullable Collection<String> namespaces) {
        return database.transaction(handle ->
                handle
                        .createQuery(sql)
                        .setFetchSize(READ_AT_ONCE)
                        .bind("namespaces", array(namespaces))
                        .bind("most", MOST_READ)
                        .map((row, context) -> unreadable(kind, row))
                        .stream()
                        .flatMap(Optional::stream)
                        .toList());
    }

    private static Optional<Trouble> unreadable(Kind kind, ResultSet row) throws SQLException {
        String why = StoredTree.of(row.getString("text")).unreadable();
        return why == null ? Optional.empty() : Optional.of(trouble(kind, row, 0, why));
    }

    private static Trouble trouble(Kind kind, ResultSet row, int tries, String error)
            throws SQLException {
        return new Trouble(
                kind,
                row.getObject("id", UUID.class),
                row.getString("cluster"),
                row.getString("namespace"),
                row.getString("name"),
                Rows.present(row, "since"),
                tries,
                error);
    }

    private static String @Nullable [] array(@Nullable Collection<String> values) {
        return values == null ? null : values.toArray(String[]::new);
    }

    /** Also one that is being built just now. */
    public List<InvalidIndex> invalidIndexes(int most) {
        return database.statement(handle ->
                handle.createQuery(INVALID_INDEXES)
                        .bind("most", most)
                        .map((row, context) ->
                                new InvalidIndex(row.getString("name"), row.getString("of_table")))
                        .list());
    }
}
