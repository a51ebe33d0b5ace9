package io.windlass.job;

import static io.windlass.job.Fixtures.NOW;
import static io.windlass.job.Fixtures.UID;
import static io.windlass.job.Fixtures.condition;
import static io.windlass.job.Fixtures.decide;
import static io.windlass.job.Fixtures.job;
import static io.windlass.job.Fixtures.look;
import static io.windlass.job.Fixtures.progress;
import static io.windlass.job.Fixtures.seen;
import static io.windlass.job.Fixtures.starting;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Of several containers the one that failed the job is told. */
class SeveralContainersTest {
    private static PodSeen.ContainerSeen ended(
            PodSeen.Kind kind, String name, int code, String reason, int second) {
        Instant at = NOW.minusSeconds(60 - second);
        return new PodSeen.ContainerSeen(
                name,
                "app",
                null,
                reason.equals("StartError") ? null : NOW.minusSeconds(90),
                new PodSeen.Ended(code, reason, "of " + name, at),
                kind);
    }

    private static PodSeen.ContainerSeen main(String name, int code, String reason, int second) {
        return ended(PodSeen.Kind.MAIN, name, code, reason, second);
    }

    private static PodSeen.ContainerSeen sidecar(int code, String reason, int second) {
        return ended(PodSeen.Kind.SIDECAR, "sidecar", code, reason, second);
    }

    private static PodSeen.ContainerSeen init(int code, String reason, int second) {
        return ended(PodSeen.Kind.INIT, "init", code, reason, second);
    }

    static Stream<Arguments> pods() {
        return Stream.of(
                told(
                        "EXIT_CODE",
                        1,
                        "of main",
                        sidecar(143, "Error", 9),
                        main("main", 1, "Error", 5)),
                told(
                        "OOM_KILLED",
                        137,
                        "of main",
                        sidecar(143, "Error", 9),
                        main("main", 137, "OOMKilled", 5)),
                told(
                        "OOM_KILLED",
                        137,
                        "of helper",
                        main("app", 1, "Error", 5),
                        main("helper", 137, "OOMKilled", 6)),
                told(
                        "CONTAINER_CANNOT_START",
                        null,
                        "of b",
                        main("a", 143, "Error", 5),
                        main("b", 128, "StartError", 6)),
                told(
                        "EXIT_CODE",
                        7,
                        "of late",
                        main("a", 143, "Error", 9),
                        main("late", 7, "Error", 5)),
                told("EXIT_CODE", 2, "of init", init(2, "Error", 5)),
                told(
                        "EXIT_CODE",
                        3,
                        "of sidecar",
                        sidecar(3, "Error", 5),
                        main("main", 0, "Completed", 4)),
                told(
                        "EXIT_CODE",
                        4,
                        "of main",
                        init(0, "Completed", 1),
                        main("main", 4, "Error", 5)));
    }

    private static Arguments told(
            String reason, Integer code, String message, PodSeen.ContainerSeen... containers) {
        return Arguments.of(reason, code, message, List.of(containers));
    }

    @ParameterizedTest
    @MethodSource("pods")
    void shouldTellOfTheContainerThatFailedTheJob(
            String reason, Integer code, String message, List<PodSeen.ContainerSeen> containers) {
        Progress end = end(pod("", containers)).next();
        assertThat(end.reason()).isEqualTo(reason);
        assertThat(end.exitCode()).isEqualTo(code);
        assertThat(end.message()).isEqualTo(message);
    }

    /** In whatever order a message has them. */
    @Test
    void shouldTellOfASuccessWhatItsMainContainerSaid() {
        PodSeen well =
                Fixtures.pod(
                        UID,
                        30,
                        "Succeeded",
                        main("main", 0, "Completed", 4),
                        sidecar(0, "Completed", 5),
                        init(0, "Completed", 1));
        assertThat(well.end().orElseThrow().message()).isEqualTo("of main");
    }

    @Test
    void shouldNotExplainAFailureByACodeOfZero() {
        Progress end = end(pod("OutOfcpu", List.of(init(0, "Completed", 1)))).next();
        assertThat(end.reason()).isEqualTo("EVICTED");
        assertThat(end.exitCode()).isNull();
        assertThat(end.message()).isEqualTo("Pod was rejected");
    }

    /**
     * A kubelet that does not find a container any more says that it was killed, and not when it
     * began.
     */
    @Test
    void shouldNotSayThatNothingRanWhereTheKubeletDoesNotKnow() {
        PodSeen.ContainerSeen unknown =
                new PodSeen.ContainerSeen(
                        "main",
                        "app",
                        null,
                        null,
                        new PodSeen.Ended(137, "ContainerStatusUnknown", "not found"));
        assertThat(cancelledWith(pod("", List.of(unknown)))).isTrue();
        assertThat(cancelledWith(pod("NodeShutdown", List.of()))).isTrue();
        assertThat(cancelledWith(pod("", List.of()))).as("deleted before it began").isFalse();
    }

    @Test
    void shouldSayThatNothingRanWhereItWaitedToTheEndForWhatItCannotStartWithout() {
        PodSeen waits =
                Fixtures.pod(
                        20,
                        "Pending",
                        Fixtures.waiting("CreateContainerConfigError", "secret \"a\" not found"));
        PodSeen deleted =
                new PodSeen(
                        waits.name(),
                        waits.uid(),
                        30,
                        1,
                        "Failed",
                        "",
                        "",
                        "node-1",
                        NOW,
                        false,
                        null,
                        false,
                        PodSeen.Told.NOTHING,
                        List.of(
                                new PodSeen.ContainerSeen(
                                        "main",
                                        "app",
                                        null,
                                        null,
                                        new PodSeen.Ended(
                                                137, "ContainerStatusUnknown", "not found"))),
                        Fixtures.OWNER);
        PodRecord unseen = PodRecord.first(deleted).seen(deleted, NOW);
        assertThat(unseen.fateUnknown()).isTrue();
        PodRecord waited = PodRecord.first(waits).seen(waits, NOW);
        assertThat(waited.seen(deleted, NOW).fateUnknown()).isFalse();
    }

    private static Boolean cancelledWith(PodSeen pod) {
        Job cancelled = job(progress(JobState.STARTING, new Desired.Cancel(), UID));
        Job seen = cancelled.after(decide(cancelled, new Input.PodObserved(pod)));
        Look suspended = look(seen(UID, condition("Suspended", "JobSuspended")), pod);
        return decide(seen, new Input.Looked(suspended)).next().state().terminal()
                ? decide(seen, new Input.Looked(suspended)).next().mayHaveRun()
                : Fixtures.DECIDER
                        .decide(
                                seen.after(decide(seen, new Input.Looked(Look.NOTHING))),
                                new Input.Looked(Look.NOTHING),
                                NOW.plusSeconds(11))
                        .next()
                        .mayHaveRun();
    }

    private static Decision end(PodSeen pod) {
        return decide(
                job(starting()),
                new Input.Looked(look(seen(UID, condition("Failed", "PodFailurePolicy")), pod)));
    }

    private static PodSeen pod(String reason, List<PodSeen.ContainerSeen> containers) {
        return new PodSeen(
                "report-pod",
                "uid-of-pod",
                30,
                1,
                "Failed",
                reason,
                reason.isEmpty() ? "" : "Pod was rejected",
                "node-1",
                null,
                false,
                null,
                false,
                PodSeen.Told.NOTHING,
                containers,
                Fixtures.OWNER);
    }
}
