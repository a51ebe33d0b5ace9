package io.windlass.store;

import io.windlass.job.JobId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * The checks of a cluster that are due. Where many of some namespaces are first, those of others
 * are read beside them; where even that ends before all namespaces were seen, the next read begins
 * behind those that were.
 */
final class DueLine {
    // in the cluster that has the name now a job of one that is lost would seem to be deleted; one
    // that has settled cannot, and a creator that thawed may have made its Job there
    private static final String IN_REACH =
            """
                and (settled or cluster_identity is null or lost_identity is not null or cluster_identity <> all(array(
                    select l.identity from cluster_lost l where l.cluster = :cluster and l.found_at is null)))
            """;

    // as Job.mayPost
    private static final String DUE =
            """
            with wanted as (
                select job_id, namespace, kubernetes_uid, finished_at, claim_until, next_post_at, look_wanted_at,
                    settled, lost_identity, 0 as class, look_wanted_at as at
                from job_state
                where cluster = :cluster and look_wanted_at <= :now and coalesce(namespace, '') <> all(:but)
                %1$s
                order by look_wanted_at limit :most),
            routine as (
                select job_id, namespace, kubernetes_uid, finished_at, claim_until, next_post_at, look_wanted_at,
                    settled, lost_identity, 1 as class, next_check_at as at
                from job_state
                where cluster = :cluster and next_check_at <= :now and next_check_at >= :floor
                    and (look_wanted_at is null or look_wanted_at > :now) and coalesce(namespace, '') <> all(:but)
                %1$s
                order by next_check_at limit :most)
            select job_id, coalesce(namespace, '') as namespace, class, at,
                kubernetes_uid is null and (claim_until is null or claim_until <= :now)
                    and (finished_at is null or (lost_identity is not null and not settled))
                    and (next_post_at is null or (next_post_at <= :now and look_wanted_at is null)) as post
            from (select * from wanted union all select * from routine) due
            """
                    .formatted(IN_REACH);

    /** At least so many are read where there is more than can be leased. */
    private static final int SHORTEST = 64;

    private static final int LINES = 8;

    /**
     * @param order demands come before what is routine
     */
    record Due(JobId id, String namespace, int order, Instant at, boolean post) {}

    /**
     * What is due, in its order.
     *
     * @param cut there is more
     */
    record Read(List<Due> due, boolean cut) {}

    private final String cluster;
    private Set<String> seenBefore = Set.of();

    DueLine(String cluster) {
        this.cluster = cluster;
    }

    synchronized Read read(Handle handle, Instant now, Instant floor, int places) {
        boolean behind = !seenBefore.isEmpty();
        Read read = behindThoseSeen(handle, now, floor, places);
        return new Read(read.due(), behind || read.cut());
    }

    /** Where nothing can be done of what is behind those that were seen. */
    synchronized Read fromTheFront(Handle handle, Instant now, Instant floor, int places) {
        seenBefore = Set.of();
        return behindThoseSeen(handle, now, floor, places);
    }

    private Read behindThoseSeen(Handle handle, Instant now, Instant floor, int places) {
        int most = Math.max(SHORTEST, 2 * places);
        List<Due> line = new ArrayList<>();
        Set<String> seen = new HashSet<>(seenBefore);
        boolean cut = false;
        boolean more = places > 0;
        for (int i = 0; i < LINES && more; i++) {
            List<Due> due = due(handle, now, floor, seen, most);
            line.addAll(due);
            due.forEach(one -> seen.add(one.namespace()));
            more = due.size() >= most;
            cut |= more;
        }
        seenBefore = more ? seen : Set.of();
        line.sort(Comparator.comparingInt(Due::order).thenComparing(Due::at));
        return new Read(line, cut);
    }

    private List<Due> due(
            Handle handle, Instant now, Instant floor, Collection<String> but, int most) {
        return handle.createQuery(DUE)
                .bind("cluster", cluster)
                .bind("floor", Rows.time(floor))
                .bind("now", Rows.time(now))
                .bind("but", but.toArray(String[]::new))
                .bind("most", most)
                .map((row, c) ->
                        new Due(
                                new JobId(row.getObject("job_id", UUID.class)),
                                row.getString("namespace"),
                                row.getInt("class"),
                                Rows.present(row, "at"),
                                row.getBoolean("post")))
                .list();
    }
}
