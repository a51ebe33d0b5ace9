package io.windlass.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.job.Job;
import io.windlass.job.JobId;
import io.windlass.job.JobState;
import io.windlass.job.Shares;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Namespaces in which nothing can be made, or that want all there is, and one beside them. */
class SharesOfAdmissionTest extends OnPostgres {
    private static final Admissions.Bounds SHIPPED = new Admissions.Bounds(5_000, 10_000, 500, 200);
    private static final List<String> HOSTILE = List.of("a", "b", "c");

    private List<NewJob> jobsOf(String namespace, int number) {
        return IntStream.range(0, number)
                .mapToObj(i -> newJob(namespace + i, Map.of("namespace", namespace), null))
                .toList();
    }

    private List<JobId> submitTo(String namespace, int number) {
        List<NewJob> jobs = jobsOf(namespace, number);
        submissions.store(jobs);
        return jobs.stream().map(NewJob::id).toList();
    }

    private void execute(String sql) {
        database.inTransaction(handle -> handle.execute(sql));
    }

    private void admitAll() {
        while (admissions.admit("local", SHIPPED).admitted() > 0) {
            continue;
        }
    }

    private long in(JobState state, String namespace) {
        return database.statement(handle ->
                handle.createQuery(
                                "select count(*) from job_state where state = :state and namespace = :namespace")
                        .bind("state", state.name())
                        .bind("namespace", namespace)
                        .mapTo(Long.class)
                        .one());
    }

    private void creationsAreUnknownSince(Duration ago) {
        execute(
                """
                update job_state set failed_calls = 5, next_post_at = now() + interval '3 minutes',
                    waiting = jsonb_build_object('waitClass', 'CLUSTER_TROUBLE', 'class', 'CLUSTER_TROUBLE', 'message', 'timed out',
                        'since', '2026-01-01T00:00:00Z'),
                    waits_for_room_since = now() - interval '%d seconds' where state = 'STARTING'
                """
                        .formatted(ago.toSeconds()));
    }

    @Test
    void shouldAdmitBesideCreationsThatAreUnknownSinceFiveMinutes() {
        submitTo("a", 500);
        admitAll();
        assertThat(in(JobState.STARTING, "a")).as("nobody else waited").isEqualTo(500);
        JobId other = submitTo("other", 1).getFirst();
        assertThat(admissions.admit("local", SHIPPED).admitted()).as("no place is free").isZero();
        creationsAreUnknownSince(Duration.ofMinutes(5));
        assertThat(admissions.admit("local", SHIPPED).admitted()).isEqualTo(1);
        assertThat(load(other).state()).isEqualTo(JobState.STARTING);
    }

    @Test
    void shouldAdmitTheFourthBesideThreeThatWantAllPlaces() {
        HOSTILE.forEach(namespace -> submitTo(namespace, 600));
        admitAll();
        JobId other = submitTo("other", 1).getFirst();
        admitAll();
        assertThat(load(other).state()).isEqualTo(JobState.STARTING);
        assertThat(HOSTILE).allSatisfy(n -> assertThat(in(JobState.STARTING, n)).isPositive());
    }

    /** However many hours they stand there: what is in max-jobs is never all theirs. */
    @Test
    void shouldAdmitTheFourthBesideThreeWhoseJobsAreNeverMade() {
        Admissions.Bounds few = new Admissions.Bounds(40, 10_000, 20, 200);
        HOSTILE.forEach(namespace -> submitTo(namespace, 100));
        for (int i = 0; i < 10; i++) {
            admissions.admit("local", few);
            creationsAreUnknownSince(Duration.ofMinutes(5));
        }
        JobId other = submitTo("other", 1).getFirst();
        admissions.admit("local", few);
        assertThat(load(other).state()).isEqualTo(JobState.STARTING);
    }

    @Test
    void shouldNotCountPodsThatNoSchedulerMinds() {
        submitTo("a", 500);
        admitAll();
        JobId other = submitTo("other", 1).getFirst();
        execute(
                "update job_state set kubernetes_uid = 'u', job_seen_at = now() where state = 'STARTING'");
        execute(
                """
                insert into job_pod (job_id, attempt, pod_uid, name, guard, phase)
                select job_id, 1, 'p', 'p', 1, 'Pending' from job_state where state = 'STARTING'
                """);
        assertThat(admissions.admit("local", SHIPPED).admitted()).as("they are new").isZero();
        execute(
                "update job_state set job_seen_at = now() - interval '61 seconds' where state = 'STARTING'");
        execute("update job_pod set node = 'n'");
        assertThat(admissions.admit("local", SHIPPED).admitted())
                .as("a node has them, and it may pull")
                .isZero();
        execute("update job_pod set node = null");
        assertThat(admissions.admit("local", SHIPPED).admitted()).isEqualTo(1);
        assertThat(load(other).state()).isEqualTo(JobState.STARTING);
    }

    /** As the version before writes them. */
    @Test
    void shouldAdmitRowsThatDoNotNameTheirNamespace() {
        JobId id = submitTo("a", 1).getFirst();
        execute("update job_state set namespace = null");
        assertThat(admissions.admit("local", SHIPPED).admitted()).isEqualTo(1);
        assertThat(load(id).state()).isEqualTo(JobState.STARTING);
        assertThat(in(JobState.STARTING, "a")).as("it is written with the first decision").isOne();
    }

    @Test
    void shouldKeepTheRankWithinANamespaceAndBetweenThem() {
        submitTo("a", 1);
        JobId urgent =
                submit("urgent", Map.of("namespace", "b", "priority", BigDecimal.valueOf(10)));
        assertThat(admissions.admit("local", new Admissions.Bounds(10, 10, 10, 1)).admitted())
                .isEqualTo(1);
        assertThat(load(urgent).state()).isEqualTo(JobState.STARTING);
    }

    // slots

    private List<Job> leased(Checks.Places places) {
        return checks.lease("local", Duration.ofMinutes(5), places).jobs();
    }

    private static void take(Checks.Places places, Collection<Job> jobs) {
        jobs.forEach(job -> places.of(true).forEach(shares -> shares.take(job.namespace())));
    }

    @Test
    void shouldLookAtTheFourthBesideThreeThatHaveHundredsDue() {
        HOSTILE.forEach(namespace -> submitTo(namespace, 300));
        Admissions.Bounds all = new Admissions.Bounds(5_000, 10_000, 5_000, 5_000);
        admissions.admit("local", all);
        execute(
                "update job_state set state = 'STARTING', admitted_at = now(), kubernetes_name = 'n', attempt = 1,"
                        + " next_check_at = now() - interval '10 minutes'");
        JobId other = submitTo("other", 1).getFirst();
        admissions.admit("local", all);
        Checks.Places places = Checks.Places.free(32);
        List<Job> first = leased(places);
        assertThat(first).extracting(Job::id).contains(other);
        take(places, first);
        List<Job> second = leased(places);
        take(places, second);
        assertThat(places.all().free()).as("they never have all").isPositive();
        assertThat(HOSTILE).allSatisfy(n -> assertThat(places.all().of(n)).isBetween(1, 16));
    }

    /** More than are asked for at once: nobody of them has to end for the last to have its turn. */
    @Test
    void shouldLookAtTheTwentiethBesideNineteenThatHaveManyDue() {
        Admissions.Bounds all = new Admissions.Bounds(5_000, 10_000, 5_000, 5_000);
        IntStream.range(0, 19).forEach(i -> submitTo("n" + i, 65));
        admissions.admit("local", all);
        execute(
                """
                update job_state set next_check_at = now() - interval '1 hour'
                    + (select count(distinct o.namespace) from job_state o where o.namespace < job_state.namespace) * interval '1 minute'
                """);
        JobId other = submitTo("other", 1).getFirst();
        admissions.admit("local", all);
        List<Job> leased = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            leased.addAll(leased(Checks.Places.free(32)));
        }
        assertThat(leased).extracting(Job::id).contains(other);
    }

    /** Behind those that were seen there is only what may not be done now. */
    @Test
    void shouldBeginAtTheFrontWhereNothingCanBeDoneBehindIt() {
        Admissions.Bounds all = new Admissions.Bounds(5_000, 10_000, 5_000, 5_000);
        IntStream.range(0, 9).forEach(i -> submitTo("n" + i, 65));
        admissions.admit("local", all);
        execute(
                """
                update job_state set next_check_at = now() - interval '1 hour'
                    + (select count(distinct o.namespace) from job_state o where o.namespace < job_state.namespace) * interval '1 minute',
                    kubernetes_uid = case when namespace <> 'n8' then 'u' end
                """);
        assertThat(leased(Checks.Places.free(8))).isNotEmpty();
        Checks.Places noPosts =
                new Checks.Places(new Shares(8, Map.of()), new Shares(8, Map.of("x", 8)));
        assertThat(leased(noPosts)).extracting(Job::namespace).isNotEmpty().doesNotContain("n8");
    }

    @Test
    void shouldLeaseALookWherePostsHaveAllTheirPlaces() {
        submitTo("a", 50);
        admissions.admit("local", SHIPPED);
        JobId looked = submitTo("a", 1).getFirst();
        admissions.admit("local", SHIPPED);
        execute(
                "update job_state set kubernetes_uid = 'u' where job_id = '%s'"
                        .formatted(looked.value()));
        Checks.Places places =
                new Checks.Places(new Shares(32, Map.of("a", 28)), new Shares(28, Map.of("a", 28)));
        assertThat(leased(places)).extracting(Job::id).containsExactly(looked);
    }

    @Test
    void shouldSayThatMoreIsDueThanWasLeased() {
        submitTo("a", 20);
        admissions.admit("local", SHIPPED);
        assertThat(checks.lease("local", Duration.ofMinutes(5), 5).more()).isTrue();
        assertThat(checks.lease("local", Duration.ofMinutes(5), 20).more()).isFalse();
    }

    // posts that are held back

    @Test
    void shouldMakeTheOthersOfTheNamespaceDueOnceOneIsMade() {
        List<JobId> ids = new ArrayList<>(submitTo("a", 3));
        JobId elsewhere = submitTo("b", 1).getFirst();
        admissions.admit("local", SHIPPED);
        Heartbeats.on(database).heartbeat("local", "uid-a");
        execute(
                "update job_state set next_post_at = now() + interval '5 minutes', failed_calls = 4,"
                        + " next_check_at = now() + interval '5 minutes'");
        execute(
                "update job_state set next_post_at = null where job_id = '%s'"
                        .formatted(ids.getFirst().value()));
        assertThat(checks.lease("local", Duration.ofMinutes(5), 10).jobs()).isEmpty();
        Checks.Granted granted =
                checks.claim(
                                load(ids.getFirst()),
                                UUID.randomUUID(),
                                "uid-a",
                                Duration.ofMinutes(1))
                        .orElseThrow();
        assertThat(granted.othersWait()).isTrue();
        assertThat(checks.postAgain("local", "a")).isEqualTo(2);
        assertThat(checks.lease("local", Duration.ofMinutes(5), 10).jobs())
                .extracting(Job::id)
                .containsExactlyInAnyOrderElementsOf(ids.subList(1, 3))
                .doesNotContain(elsewhere);
        assertThat(checks.postAgain("local", "a")).as("they were told").isZero();
    }

    @Test
    void shouldNotSayThatOthersWaitWhereNoneDoes() {
        JobId id = submitTo("a", 2).getFirst();
        admissions.admit("local", SHIPPED);
        Heartbeats.on(database).heartbeat("local", "uid-a");
        assertThat(
                        checks.claim(load(id), UUID.randomUUID(), "uid-a", Duration.ofMinutes(1))
                                .orElseThrow()
                                .othersWait())
                .isFalse();
    }
}
