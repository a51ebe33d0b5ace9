package io.windlass.store;

import io.windlass.job.Drift;
import io.windlass.job.JobId;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Kept in rows, so that whoever answers for problems can tell what stays. */
public final class PostgresDrifts implements Drifts {
    /** More than these are only counted. */
    private static final int MOST_KEPT = 1_000;

    private static final String CHANGED =
            """
            select ids.id from unnest(cast(:ids as uuid[])) as ids (id)
            cross join lateral (
                select at from job_event e where e.job_id = ids.id order by version desc limit 1) last
            where last.at >= :listed
            """;

    private static final String KEEP =
            """
            insert into status_drift (cluster, kind, job_id, namespace, name, since, seen_at)
            select :cluster, found.kind, found.job_id, found.namespace, found.name, :now, :now
            from unnest(cast(:kinds as text[]), cast(:ids as uuid[]), cast(:namespaces as text[]), cast(:names as text[]))
                as found (kind, job_id, namespace, name)
            on conflict (cluster, kind, job_id) do update set seen_at = excluded.seen_at
            """;

    private static final String FORGET =
            """
            delete from status_drift where (cluster, kind, job_id) in (
                select cluster, kind, job_id from status_drift where cluster = :cluster and seen_at < :now
                order by kind, job_id for update)
            """;

    private static final String STAYING =
            """
            select cluster, kind, namespace, count(*) as jobs, min(since) as since,
                (array_agg(name order by since, job_id))[1] as first
            from status_drift
            where seen_at >= since + interval '1 minute' and seen_at > clock_timestamp() - interval '1 hour'
                and (cast(:namespaces as text[]) is null or namespace = any(:namespaces))
            group by cluster, kind, namespace order by jobs desc, since, cluster, kind, namespace limit :most
            """;

    /**
     * What several comparisons have found, though a look was to set it right.
     *
     * @param first the name of that which differs longest
     */
    public record Staying(
            String cluster,
            String kind,
            String namespace,
            long jobs,
            Instant since,
            String first) {}

    private final Database database;

    public PostgresDrifts(Database database) {
        this.database = database;
    }

    @Override
    public Map<Drift, Integer> compared(String cluster, Collection<Found> found, Instant listed) {
        return database.transaction(handle -> {
            Set<JobId> changed = changed(handle, found, listed);
            List<Found> differ =
                    found.stream()
                            .filter(one -> !changed.contains(one.job()))
                            // as rows are locked where they are forgotten
                            .sorted(
                                    Comparator.comparing((Found one) -> one.drift().name())
                                            .thenComparing(Found::job))
                            .toList();
            Instant now = Database.now(handle);
            keep(handle, cluster, differ.stream().limit(MOST_KEPT).toList(), now);
            handle.createUpdate(FORGET)
                    .bind("cluster", cluster)
                    .bind("now", Rows.time(now))
                    .execute();
            Map<Drift, Integer> counts = new EnumMap<>(Drift.class);
            differ.forEach(one -> counts.merge(one.drift(), 1, Integer::sum));
            return counts;
        });
    }

    private static Set<JobId> changed(Handle handle, Collection<Found> found, Instant listed) {
        return handle.createQuery(CHANGED)
                .bind("ids", column(found, UUID[]::new, one -> one.job().value()))
                .bind("listed", Rows.time(listed))
                .map((row, context) -> new JobId(row.getObject("id", UUID.class)))
                .collect(Collectors.toSet());
    }

    private static void keep(Handle handle, String cluster, List<Found> found, Instant now) {
        handle.createUpdate(KEEP)
                .bind("cluster", cluster)
                .bind("kinds", column(found, String[]::new, one -> one.drift().name()))
                .bind("ids", column(found, UUID[]::new, one -> one.job().value()))
                .bind("namespaces", column(found, String[]::new, Found::namespace))
                .bind("names", column(found, String[]::new, Found::name))
                .bind("now", Rows.time(now))
                .execute();
    }

    private static <T> T[] column(
            Collection<Found> found, IntFunction<T[]> array, Function<Found, T> value) {
        return found.stream().map(value).toArray(array);
    }

    /** Most first. */
    public List<Staying> staying(@Nullable Collection<String> namespaces, int most) {
        String[] names = namespaces == null ? null : namespaces.toArray(String[]::new);
        return database.statement(handle ->
                handle.createQuery(STAYING)
                        .bind("namespaces", names)
                        .bind("most", most)
                        .map((row, context) ->
                                new Staying(
                                        row.getString("cluster"),
                                        row.getString("kind"),
                                        row.getString("namespace"),
                                        row.getLong("jobs"),
                                        Rows.present(row, "since"),
                                        row.getString("first")))
                        .list());
    }
}
