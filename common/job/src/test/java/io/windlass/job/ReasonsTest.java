package io.windlass.job;

import static io.windlass.job.Fixtures.DECIDER;
import static io.windlass.job.Fixtures.NOW;
import static io.windlass.job.Fixtures.UID;
import static io.windlass.job.Fixtures.condition;
import static io.windlass.job.Fixtures.exited;
import static io.windlass.job.Fixtures.look;
import static io.windlass.job.Fixtures.pod;
import static io.windlass.job.Fixtures.progress;
import static io.windlass.job.Fixtures.seen;
import static io.windlass.job.Fixtures.starting;
import static io.windlass.job.Fixtures.strangers;
import static io.windlass.job.Fixtures.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Finding P34: every reason of a failure is the end of a story here, with graces as shipped, and
 * with the cause in its message.
 */
class ReasonsTest {
    /** An operator declares it: nothing that is seen of one job ends in it. */
    private static final Set<Reason> DECLARED = EnumSet.of(Reason.CLUSTER_LOST);

    private static final Duration TOLD_EVERY = Duration.ofSeconds(20);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final Duration START_TIMEOUT = Duration.ofMinutes(5);
    private static final Input NOTHING_THERE = new Input.Looked(Look.NOTHING);

    /**
     * A job of which the same is told until it ends.
     *
     * @param evidence by how often it was told before
     */
    record Story(Reason reason, String told, Job job, IntFunction<Input> evidence) {
        @Override
        public String toString() {
            return reason + ": " + told;
        }

        Progress end() {
            Job now = job;
            Instant at = NOW;
            for (int i = 0; now.state() != JobState.FAILED; i++) {
                assertThat(at)
                        .as("still %s, %s", now.state(), now.progress().waiting())
                        .isBefore(NOW.plus(LONGEST));
                boolean givenUp = !now.progress().desired().isRun();
                Input input = givenUp ? NOTHING_THERE : evidence.apply(i);
                now = now.after(DECIDER.decide(now, input, at));
                at = at.plus(TOLD_EVERY);
            }
            return now.progress();
        }
    }

    static Stream<Story> stories() {
        return Stream.of(ends(), waits(), told(), unplaced(), refusals(), tooSlow())
                .flatMap(List::stream);
    }

    private static List<Story> ends() {
        return List.of(
                failed(Reason.EXIT_CODE, "boom", ours(0), exited(3, "Error", "boom")),
                failed(Reason.OOM_KILLED, "last", ours(0), exited(137, "OOMKilled", "last")),
                failed(Reason.BACKOFF_LIMIT_EXCEEDED, "boom", ours(2), exited(7, "Error", "boom")),
                new Story(
                        Reason.DEADLINE_EXCEEDED,
                        "it had not started when its timeout ran out",
                        ours(0),
                        _ -> looked(seen(UID, condition("Failed", "DeadlineExceeded")))),
                new Story(
                        Reason.EVICTED,
                        "The node was low on resource",
                        ours(0),
                        _ ->
                                looked(
                                        seen(UID, condition("Failed", "BackoffLimitExceeded")),
                                        evicted())),
                new Story(Reason.JOB_DELETED, "", ours(0), _ -> NOTHING_THERE),
                new Story(
                        Reason.NAME_CONFLICT,
                        "",
                        uncreated(),
                        _ -> new Input.NameTaken(strangers("theirs"))));
    }

    private static List<Story> waits() {
        return List.of(
                waits(Reason.IMAGE_NAME_INVALID, "InvalidImageName", "couldn't parse"),
                waits(Reason.IMAGE_NOT_FOUND, "ErrImagePull", "manifest unknown"),
                waits(Reason.IMAGE_PULL_DENIED, "ErrImagePull", "401 unauthorized"),
                waits(Reason.IMAGE_PULL_FAILED, "ImagePullBackOff", "503 service unavailable"),
                waits(Reason.IMAGE_REJECTED, "ErrImageNeverPull", "not present"),
                waits(
                        Reason.CONFIG_MISSING,
                        "CreateContainerConfigError",
                        "secret \"a\" not found"),
                waits(
                        Reason.CONTAINER_CANNOT_START,
                        "CreateContainerError",
                        "executable file not found in $PATH"),
                waits(Reason.SANDBOX_FAILED, "CreatePodSandboxError", "no network"),
                waits(
                        Reason.REJECTED_BY_POLICY,
                        "CreateContainerConfigError",
                        "container has runAsNonRoot and image will run as root"));
    }

    private static List<Story> told() {
        return List.of(
                told(Reason.VOLUME_MISSING, "secret \"a\" not found"),
                told(Reason.VOLUME_FAILED, "no such device"),
                new Story(
                        Reason.SERVICE_ACCOUNT_MISSING,
                        "error looking up service account",
                        ours(0),
                        i ->
                                new Input.Looked(
                                        new Look(
                                                seen(UID),
                                                List.of(),
                                                true,
                                                List.of(
                                                        new EventSeen(
                                                                "FailedCreate",
                                                                "error looking up service account ns/a",
                                                                i + 1L)),
                                                Map.of(),
                                                Long.MAX_VALUE))));
    }

    private static List<Story> unplaced() {
        return List.of(
                new Story(
                        Reason.UNSCHEDULABLE,
                        "no node is large enough",
                        ours(0),
                        _ ->
                                looked(
                                        seen(UID),
                                        unplaced(
                                                PodSeen.Room.NOWHERE,
                                                "0/6 nodes",
                                                "no node is large enough"))));
    }

    private static List<Story> refusals() {
        return Stream.of(
                        Reason.SPEC_INVALID,
                        Reason.NAMESPACE_MISSING,
                        Reason.REJECTED_BY_POLICY,
                        Reason.QUOTA_EXCEEDED)
                .map(reason ->
                        new Story(
                                reason,
                                "says the API server",
                                uncreated(),
                                _ ->
                                        new Input.CreateRefused(
                                                Input.Refusal.valueOf(reason.name()),
                                                "so says the API server")))
                .toList();
    }

    /** What it waits for is its own business; how long is not. */
    private static List<Story> tooSlow() {
        return List.of(
                tooSlow(
                        "pod report-pod is on node-1, which has begun to pull its image",
                        with(
                                pod(30, "Pending", waiting("ContainerCreating", "")),
                                new PodSeen.Told(
                                        true, 1, List.of(new EventSeen("Pulling", "app", 1))))),
                tooSlow(
                        "Insufficient cpu",
                        unplaced(PodSeen.Room.SOMEWHERE, "0/6 nodes: 6 Insufficient cpu", "")),
                tooSlow(
                        "secret \"a\" not found",
                        pod(
                                30,
                                "Pending",
                                waiting("CreateContainerConfigError", "secret \"a\" not found"))),
                new Story(
                        Reason.START_TIMEOUT,
                        "it has no pod yet",
                        withStartTimeout(true),
                        _ -> looked(seen(UID))));
    }

    private static Story tooSlow(String cause, PodSeen pod) {
        return new Story(
                Reason.START_TIMEOUT, cause, withStartTimeout(true), _ -> looked(seen(UID), pod));
    }

    private static Story failed(
            Reason reason, String told, Job job, PodSeen.ContainerSeen container) {
        JobSeen failed = seen(UID, condition("Failed", "BackoffLimitExceeded"));
        return new Story(reason, told, job, _ -> looked(failed, pod(30, "Failed", container)));
    }

    private static Story waits(Reason reason, String why, String message) {
        return new Story(
                reason,
                message,
                ours(0),
                _ -> looked(seen(UID), pod(30, "Pending", waiting(why, message))));
    }

    private static Story told(Reason reason, String message) {
        return new Story(
                reason,
                message,
                ours(0),
                i ->
                        looked(
                                seen(UID),
                                with(
                                        pod(30, "Pending", waiting("ContainerCreating", "")),
                                        new PodSeen.Told(
                                                true,
                                                1,
                                                List.of(
                                                        new EventSeen(
                                                                "FailedMount",
                                                                message,
                                                                i + 1L))))));
    }

    private static Input looked(JobSeen job, PodSeen... pods) {
        return new Input.Looked(look(job, pods));
    }

    private static Job uncreated() {
        return Fixtures.job(progress(JobState.STARTING, new Desired.Run(), null));
    }

    private static Job ours(int maxRetries) {
        return job(maxRetries, null, false);
    }

    private static Job withStartTimeout(boolean waitsForConfig) {
        return job(0, START_TIMEOUT, waitsForConfig);
    }

    private static Job job(int maxRetries, Duration startTimeout, boolean waitsForConfig) {
        Job job = Fixtures.job(starting());
        return new Job(
                job.id(),
                job.cluster(),
                job.namespace(),
                job.name(),
                job.specHash(),
                maxRetries,
                job.completions(),
                startTimeout,
                waitsForConfig,
                job.submittedAt(),
                job.version(),
                job.progress(),
                null,
                0,
                List.of(),
                Surroundings.NONE,
                false);
    }

    private static PodSeen evicted() {
        PodSeen pod = pod("uid-of-pod", 30, "Failed");
        return copy(
                pod,
                "Evicted",
                "The node was low on resource: memory.",
                pod.node(),
                null,
                pod.told());
    }

    private static PodSeen unplaced(PodSeen.Room room, String message, String why) {
        PodSeen pod = pod("uid-of-pod", 30, "Pending");
        return copy(pod, "", "", null, new PodSeen.Unscheduled(message, room, why), pod.told());
    }

    private static PodSeen with(PodSeen pod, PodSeen.Told told) {
        return copy(pod, "", "", pod.node(), null, told);
    }

    private static PodSeen copy(
            PodSeen pod,
            String reason,
            String message,
            String node,
            PodSeen.Unscheduled unscheduled,
            PodSeen.Told told) {
        return new PodSeen(
                pod.name(),
                pod.uid(),
                pod.guard(),
                pod.attempt(),
                pod.phase(),
                reason,
                message,
                node,
                null,
                false,
                unscheduled,
                false,
                told,
                pod.containers(),
                pod.owner());
    }

    @ParameterizedTest
    @MethodSource("stories")
    void shouldEndInItsReasonWithItsCause(Story story) {
        Progress end = story.end();
        assertThat(end.reason()).isEqualTo(story.reason().name());
        assertThat(end.message()).contains(story.told());
    }

    @Test
    void shouldHaveAStoryOfEveryReason() {
        Set<Reason> told = EnumSet.copyOf(DECLARED);
        stories().forEach(story -> told.add(story.reason()));
        assertThat(told).containsExactlyInAnyOrder(Reason.values());
    }
}
