package io.windlass.store;

import io.windlass.job.JobId;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Finds jobs by the end of their ids, among the newest: all ids of the same minute begin alike, and
 * no index knows their ends.
 */
public final class JobEndings {
    /** How many of the newest are looked through, whatever namespaces they are in. */
    public static final int NEWEST = 20_000;

    // each namespace with a bound of its own: so each is read by its index, and all together in the
    // order of the whole, as far as is wanted
    private static final String BRANCH =
            """
            (select id, submitted_at from job %%s order by submitted_at desc, id desc limit %d)\
            """
                    .formatted(NEWEST);

    private static final String FIND =
            """
            select id from (
                select id, submitted_at from (%%s) seen order by submitted_at desc, id desc limit %d) newest
            where right(id::text, length(:ending)) = :ending
            order by submitted_at desc, id desc limit :most
            """
                    .formatted(NEWEST);

    private final Database database;

    public JobEndings(Database database) {
        this.database = database;
    }

    /**
     * The newest first.
     *
     * @param namespaces those that are looked through; null means all
     * @param ending in small letters
     */
    public List<JobId> find(@Nullable Collection<String> namespaces, String ending, int most) {
        List<String> names = namespaces == null ? List.of() : List.copyOf(namespaces);
        if (namespaces != null && names.isEmpty()) {
            return List.of();
        }
        String seen =
                names.isEmpty()
                        ? BRANCH.formatted("")
                        : IntStream.range(0, names.size())
                                .mapToObj(i -> BRANCH.formatted("where namespace = :namespace" + i))
                                .collect(Collectors.joining(" union all "));
        return database.transaction(handle -> {
            Query query =
                    handle.createQuery(FIND.formatted(seen))
                            .bind("ending", ending)
                            .bind("most", most);
            for (int i = 0; i < names.size(); i++) {
                query.bind("namespace" + i, names.get(i));
            }
            return query.mapTo(UUID.class).stream().map(JobId::new).toList();
        });
    }
}
