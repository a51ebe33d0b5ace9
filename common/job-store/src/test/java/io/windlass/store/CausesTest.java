package io.windlass.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.windlass.job.Input;
import io.windlass.job.Job;
import io.windlass.job.JobId;
import io.windlass.job.Outages;
import io.windlass.job.PodSeen;
import io.windlass.job.Surroundings;
import io.windlass.job.WaitClass;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Why jobs wait, told together; and what that says of registries and nodes. */
class CausesTest extends OnPostgres {
    private static final String SECRET = "secret \"db-creds\" not found";
    private Causes causes;
    private OutageBoard board;

    @BeforeEach
    void boards() {
        causes = new Causes(database);
        board = OutageBoard.on(database);
    }

    private JobId waiting(String name, String namespace, String image, String reason, String text) {
        JobId id = submit(name, Map.of("namespace", namespace));
        admissions.admit("local", ROOM);
        progressions.write(step(load(id), new Input.Created(seen(load(id)))));
        tell(id, 1, image, new PodSeen.Waiting(reason, text), null);
        return id;
    }

    private void tell(JobId id, long guard, String image, PodSeen.Waiting waits, Instant started) {
        PodSeen pod =
                new PodSeen(
                        "p",
                        "pod-of-" + id,
                        guard,
                        1,
                        "Pending",
                        "",
                        "",
                        "node-1",
                        null,
                        false,
                        null,
                        false,
                        PodSeen.Told.NOTHING,
                        List.of(new PodSeen.ContainerSeen("main", image, waits, started, null)),
                        new PodSeen.Owner(load(id).namespace(), "uid-1"));
        assertThat(progressions.write(step(load(id), new Input.PodObserved(pod)))).isTrue();
    }

    @Test
    void shouldTellJobsInTheSameTroubleOnce() {
        JobId first = waiting("a", "default", "i", "CreateContainerConfigError", SECRET);
        JobId second = waiting("b", "default", "i", "CreateContainerConfigError", SECRET);
        waiting("c", "team-a", "i", "CreateContainerConfigError", SECRET);
        waiting("d", "default", "r.example/x:1", "ErrImagePull", "429 Too Many Requests");
        waiting("e", "team-a", "r.example/y:1", "ErrImagePull", "503 Service Unavailable");
        List<Causes.Cause> live = causes.live(null, 10);
        assertThat(live)
                .extracting(Causes.Cause::object, Causes.Cause::namespace, Causes.Cause::jobs)
                .containsExactlyInAnyOrder(
                        tuple("Secret db-creds", "default", 2L),
                        tuple("Secret db-creds", "team-a", 1L),
                        tuple("registry r.example", null, 2L));
        assertThat(live).allSatisfy(cause -> assertThat(cause.verdictAt()).isAfter(cause.since()));
        assertThat(causes.live(List.of("team-a"), 10)).hasSize(2);
        assertThat(
                        jobs
                                .list(
                                        new Jobs.Filter(
                                                List.of("default"),
                                                Set.of(),
                                                Map.of(),
                                                null,
                                                null,
                                                null,
                                                null,
                                                null,
                                                WaitClass.CONFIG_MISSING,
                                                "Secret db-creds"),
                                        null,
                                        10)
                                .stream()
                                .map(Jobs.Found::id))
                .containsExactly(second, first);
    }

    @Test
    void shouldForgetACauseWithItsJob() {
        JobId id = waiting("a", "default", "i", "CreateContainerConfigError", SECRET);
        tell(id, 2, "i", null, Instant.now());
        assertThat(causes.live(null, 10)).isEmpty();
    }

    @Test
    void shouldCountPullsThatMayPassAndNoOthers() {
        waiting("a", "default", "r.example/x:1", "ErrImagePull", "429 Too Many Requests");
        waiting("b", "default", "r.example/gone:1", "ErrImagePull", "not found");
        JobId started = waiting("c", "default", "r.example/known:1", "", "");
        tell(started, 2, "r.example/known:1", null, Instant.now());
        waiting("d", "default", "r.example/known:1", "ErrImagePull", "not found");
        waiting("e", "default", "r.example/y:1", "ErrImagePull", "401 Unauthorized");
        assertThat(board.failing("local"))
                .extracting(Outages.FailingPull::image)
                .containsExactlyInAnyOrder("r.example/x:1", "r.example/known:1");
        assertThat(board.failing("elsewhere")).isEmpty();
    }

    @Test
    void shouldTellJobsThatPullOfOutagesUntilTheseAreForgotten() {
        JobId pulling =
                waiting("a", "default", "r.example/x:1", "ErrImagePull", "429 Too Many Requests");
        JobId other = waiting("b", "default", "i", "CreateContainerConfigError", SECRET);
        Surroundings.Outage outage =
                new Surroundings.Outage(
                        Outages.Kind.REGISTRY, "r.example", Instant.parse("2026-11-21T12:00:00Z"));
        assertThat(board.note("local", List.of(outage), Duration.ofMinutes(6)))
                .containsExactly(outage);
        assertThat(load(pulling).surroundings().outages()).containsExactly(outage);
        assertThat(load(other).surroundings()).isEqualTo(Surroundings.NONE);
        database.inTransaction(handle ->
                handle.execute(
                        "update job_state set next_check_at = clock_timestamp() + interval '1 hour'"));
        Instant before = checkOf(pulling);
        assertThat(board.lookAtThoseThatPull("local")).isEqualTo(1);
        assertThat(checkOf(pulling)).isBefore(before);
        assertThat(board.note("local", List.of(), Duration.ofMinutes(6))).hasSize(1);
        assertThat(board.note("local", List.of(), Duration.ZERO)).isEmpty();
        assertThat(load(pulling).surroundings().outages()).isEmpty();
    }

    private Instant checkOf(JobId id) {
        Job job = load(id);
        return Objects.requireNonNull(job.progress().nextCheckAt());
    }
}
