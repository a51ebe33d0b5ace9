package io.windlass.job;

import static io.windlass.job.Fixtures.NOW;
import static io.windlass.job.Fixtures.UID;
import static io.windlass.job.Fixtures.condition;
import static io.windlass.job.Fixtures.decide;
import static io.windlass.job.Fixtures.exited;
import static io.windlass.job.Fixtures.job;
import static io.windlass.job.Fixtures.look;
import static io.windlass.job.Fixtures.pod;
import static io.windlass.job.Fixtures.progress;
import static io.windlass.job.Fixtures.running;
import static io.windlass.job.Fixtures.seen;
import static io.windlass.job.Fixtures.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** P14: a decision from the pods that decide is that from all of them. */
class DecidingPodsTest {
    private static final int RUNS = 10_000;
    private static final List<String> PHASES =
            List.of("Succeeded", "Failed", "Gone", "Succeeded", "Failed", "Running", "Pending");
    private static final PodSeen.ContainerSeen HOPELESS =
            waiting("CreateContainerConfigError", "secret \"a\" not found");

    private final Random random = new Random(14);

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private boolean rarely() {
        return random.nextInt(8) == 0;
    }

    private PodRecord known(int number, boolean quiet) {
        return quiet ? quiet(number) : any(number);
    }

    private PodRecord any(int number) {
        return known(
                number,
                one(PHASES),
                rarely() ? null : "node-1",
                rarely(),
                random.nextBoolean(),
                one(exitCodes()),
                reason(),
                rarely());
    }

    /** Nearly all have waited, and never run: what one of them says decides. */
    private PodRecord quiet(int number) {
        return known(
                number,
                random.nextInt(20) == 0 ? "Gone" : "Failed",
                random.nextInt(20) == 0 ? "node-1" : null,
                random.nextInt(20) != 0,
                random.nextInt(60) == 0,
                null,
                random.nextInt(20) == 0 ? null : rarely() ? "ContainerStatusUnknown" : "Evicted",
                false);
    }

    private PodRecord known(
            int number,
            String phase,
            @Nullable String node,
            boolean waits,
            boolean started,
            @Nullable Integer exitCode,
            @Nullable String reason,
            boolean disrupted) {
        return new PodRecord(
                "u" + number,
                1,
                "p" + number,
                random.nextInt(1_000),
                phase,
                node,
                waits ? WaitClass.CONFIG_MISSING : null,
                waits ? "a cause" : null,
                waits ? NOW.minusSeconds(random.nextInt(60)) : null,
                null,
                null,
                0,
                started ? NOW.minusSeconds(9) : null,
                exitCode,
                reason,
                "text " + number,
                disrupted);
    }

    private static List<@Nullable Integer> exitCodes() {
        List<@Nullable Integer> codes = new ArrayList<>(List.of(0, 0, 1, 137));
        codes.add(null);
        return codes;
    }

    private @Nullable String reason() {
        return switch (random.nextInt(6)) {
            case 0 -> null;
            case 1 -> "OOMKilled";
            case 2 -> "ContainerStatusUnknown";
            default -> "Error";
        };
    }

    private PodSeen found(int number) {
        String uid = "u" + number;
        long guard = random.nextInt(1_500);
        return switch (random.nextInt(5)) {
            case 0 -> pod(uid, guard, "Failed", exited(random.nextInt(3), "Error", "of " + uid));
            case 1 -> pod(uid, guard, "Succeeded", exited(0, "Completed", ""));
            case 2 -> pod(uid, guard, "Pending", HOPELESS);
            case 3 -> pod(uid, guard, "Pending");
            default -> pod(uid, guard, "Running", running());
        };
    }

    private Look cluster(int pods) {
        JobSeen job =
                switch (random.nextInt(3)) {
                    case 0 -> seen(UID, condition("Failed", "BackoffLimitExceeded"));
                    case 1 -> seen(UID, condition("Complete", "CompletionsReached"));
                    default -> seen(UID);
                };
        boolean few = random.nextBoolean();
        PodSeen[] found =
                IntStream.range(0, pods + 2)
                        .filter(n -> few ? random.nextInt(80) == 0 : random.nextBoolean())
                        .mapToObj(this::found)
                        .toArray(PodSeen[]::new);
        return random.nextInt(4) == 0 ? Look.NOTHING : look(job, found);
    }

    private Input input(int pods) {
        Look cluster = cluster(pods);
        JobSeen job = cluster.job();
        return switch (random.nextInt(7)) {
            case 0, 1 -> new Input.PodObserved(found(random.nextInt(pods + 2)));
            case 2 -> new Input.JobObserved(job == null ? seen(UID) : job);
            case 3 -> new Input.JobGone(job == null ? seen(UID) : job);
            case 4 -> new Input.JobEventHeard(UID);
            case 5 ->
                    job == null
                            ? wish()
                            : new Input.Looked(Look.listed(job, cluster.pods(), 1_200));
            default -> new Input.Looked(cluster);
        };
    }

    private Input wish() {
        return one(
                List.of(
                        new Input.CancelRequested("tester"),
                        new Input.ClusterLost("identity", "tester", NOW),
                        new Input.ClusterFound("identity", "tester")));
    }

    private Progress anyProgress() {
        JobState state = one(List.of(JobState.STARTING, JobState.RUNNING));
        Desired desired = rarely() ? new Desired.Cancel() : new Desired.Run();
        return random.nextInt(5) == 0
                ? Fixtures.ended(JobState.FAILED)
                : progress(state, desired, UID);
    }

    @Test
    void shouldDecideAsFromAllPods() {
        for (int run = 0; run < RUNS; run++) {
            int count = random.nextInt(40);
            boolean quiet = random.nextBoolean();
            PodRecord[] pods =
                    IntStream.range(0, count)
                            .mapToObj(n -> known(n, quiet))
                            .toArray(PodRecord[]::new);
            Job whole = job(anyProgress(), pods);
            Input input = input(count);
            Job part = whole.withPods(DecidingPods.of(whole.pods(), input.pods()));
            Decision expected = decide(whole, input);
            assertThat(decide(part, input)).as("%s of %s", input, whole).isEqualTo(expected);
            Input next = new Input.PodObserved(found(count + 2));
            assertThat(decide(part.after(expected), next))
                    .as("%s and %s of %s", input, next, whole)
                    .isEqualTo(decide(whole.after(expected), next));
        }
    }

    @Test
    void shouldCountManyThatEndedAlikeAsOne() {
        List<PodRecord> pods =
                IntStream.range(0, 1_000)
                        .mapToObj(n ->
                                PodRecord.first(pod("u" + n, n, "Pending"))
                                        .seen(
                                                pod(
                                                        "u" + n,
                                                        n,
                                                        n < 10 ? "Running" : "Failed",
                                                        n < 10
                                                                ? running()
                                                                : exited(1, "Error", "of " + n)),
                                                NOW.plus(Duration.ofSeconds(n))))
                        .toList();
        assertThat(DecidingPods.of(pods, Set.of("u500", "u3", "unknown")))
                .extracting(PodRecord::uid)
                .containsExactly(
                        "u0", "u1", "u2", "u3", "u4", "u5", "u6", "u7", "u8", "u9", "u500", "u999");
    }
}
