package io.windlass.job;

import static io.windlass.job.Fixtures.DECIDER;
import static io.windlass.job.Fixtures.NOW;
import static io.windlass.job.Fixtures.UID;
import static io.windlass.job.Fixtures.decide;
import static io.windlass.job.Fixtures.job;
import static io.windlass.job.Fixtures.look;
import static io.windlass.job.Fixtures.progress;
import static io.windlass.job.Fixtures.seen;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Jobs whose Kubernetes Job cannot be made, for reasons that nobody gives as an answer. */
class DeciderTroubleTest {
    private static final Duration RETRY = Duration.ofSeconds(2);
    private static final Claim CLAIM = new Claim(new UUID(0, 1), NOW.plusSeconds(5));
    private static final Input UNKNOWN = new Input.CreateUnknown("timed out");

    private static Job uncreated(Claim claim, int takeovers) {
        return job(progress(JobState.STARTING, new Desired.Run(), null), claim, takeovers);
    }

    private static Job after(Job job, Input input, Instant now) {
        return job.after(DECIDER.decide(job, input, now));
    }

    static Stream<Input> failures() {
        return Stream.of(
                UNKNOWN,
                new Input.CreateFailed("timed out", RETRY),
                new Input.CallFailed("timed out", RETRY));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void shouldTellOfTroubleFromTheSecondFailureInARow(Input failure) {
        Job once = after(uncreated(CLAIM, 0), failure, NOW);
        assertThat(once.progress().waiting()).isNull();
        Decision second = DECIDER.decide(once, failure, NOW.plusSeconds(1));
        assertThat(second.next().waiting())
                .isEqualTo(
                        new Waiting(
                                WaitClass.CLUSTER_TROUBLE,
                                "timed out",
                                NOW.plusSeconds(1),
                                null,
                                null,
                                null));
        assertThat(second.evidence().reason()).isEqualTo("CLUSTER_TROUBLE");
        Decision third = DECIDER.decide(once.after(second), failure, NOW.plusSeconds(2));
        assertThat(third.evidence()).as("it was told already").isNull();
        assertThat(third.next().waiting()).isEqualTo(second.next().waiting());
    }

    @Test
    void shouldNameTheWebhookThatCannotBeCalled() {
        Input failure =
                new Input.CreateFailed(
                        "Internal error occurred: failed calling webhook \"mutate.example\": no",
                        RETRY);
        Job twice = after(after(uncreated(null, 0), failure, NOW), failure, NOW);
        assertThat(twice.progress().waiting().object()).isEqualTo("webhook mutate.example");
    }

    @Test
    void shouldNotTellOfTroubleWhereTheFailuresAreNotInARow() {
        Job once = after(uncreated(CLAIM, 0), UNKNOWN, NOW);
        Input answered = new Input.CreateRefused(Input.Refusal.NO_ROOM, "no room");
        Job again = after(after(once, answered, NOW), UNKNOWN, NOW);
        assertThat(again.progress().waiting().waitClass()).isEqualTo(WaitClass.WAITING_FOR_ROOM);
    }

    @Test
    void shouldWaitLongerAndLongerForTheNextPost() {
        Job job = uncreated(null, 0);
        Input failure = new Input.CreateFailed("connection refused", RETRY);
        List<Duration> delays =
                List.of(
                        RETRY,
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(120),
                        Duration.ofSeconds(240),
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(5));
        for (Duration delay : delays) {
            job = after(job, failure, NOW);
            assertThat(job.progress().dueAt()).isEqualTo(NOW.plus(delay));
            assertThat(DECIDER.decide(job, new Input.Due(), NOW).commands()).isEmpty();
            assertThat(DECIDER.decide(job, new Input.Due(), NOW.plus(delay)).commands())
                    .containsExactly(new Command.Create());
        }
        Job slow = after(job, new Input.CreateFailed("429", Duration.ofMinutes(6)), NOW);
        assertThat(slow.progress().dueAt()).isEqualTo(NOW.plus(Duration.ofMinutes(6)));
    }

    /** A webhook that hangs is called before anybody says that the name is taken. */
    @Test
    void shouldLookForTheJobWhenTheClaimEndsThoughTheNextPostIsMinutesAway() {
        Job job = uncreated(CLAIM, 1);
        for (int i = 0; i < 7; i++) {
            job = after(job, UNKNOWN, NOW);
        }
        assertThat(job.progress().dueAt()).isEqualTo(CLAIM.until());
        Instant then = CLAIM.until();
        assertThat(DECIDER.decide(job, new Input.Due(), then).commands())
                .containsExactly(new Command.TakeLook());
        Instant demand = job.progress().lookWantedAt();
        Decision absent = DECIDER.decide(job, new Input.Looked(Look.NOTHING, demand), then);
        assertThat(absent.next().dueAt()).isEqualTo(NOW.plus(Duration.ofMinutes(5)));
        JobSeen complete = seen(UID, new JobSeen.Condition("Complete", true, "r", "m", NOW));
        Decision ended = DECIDER.decide(job, new Input.Looked(look(complete), demand), then);
        assertThat(ended.next().state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(ended.next().trouble()).isNull();
    }

    @Test
    void shouldForgetTheTroubleOnceTheJobIsThere() {
        Job troubled = after(after(uncreated(null, 0), UNKNOWN, NOW), UNKNOWN, NOW);
        Progress made = DECIDER.decide(troubled, new Input.Created(seen(UID)), NOW).next();
        assertThat(made.waiting()).isNull();
        assertThat(made.trouble()).isNull();
    }

    @Test
    void shouldTellOfALookThatFailsOnlyWhereNothingElseIsKnown() {
        Input failure = new Input.CallFailed("no route to host", RETRY);
        Job created = job(progress(JobState.STARTING, new Desired.Run(), UID));
        Job twice = after(after(created, failure, NOW), failure, NOW);
        assertThat(twice.progress().waiting().waitClass()).isEqualTo(WaitClass.CLUSTER_TROUBLE);
        assertThat(twice.progress().dueAt()).isEqualTo(NOW.plus(RETRY));
        Progress looked = decide(twice, new Input.Looked(look(seen(UID)))).next();
        assertThat(looked.waiting()).isNull();
        assertThat(looked.trouble()).isNull();
        Job running = job(progress(JobState.RUNNING, new Desired.Run(), UID));
        assertThat(after(after(running, failure, NOW), failure, NOW).progress().waiting()).isNull();
    }

    /** Whatever is held back, nobody POSTs for a job that nobody ever POSTed for. */
    @Test
    void shouldEndACancelledJobOfWhichSurelyNothingWasMade() {
        Job job = uncreated(null, 0);
        for (int i = 0; i < 5; i++) {
            job = after(job, new Input.CreateFailed("connection refused", RETRY), NOW);
        }
        Job cancelled = after(job, new Input.CancelRequested("tester"), NOW);
        assertThat(decide(cancelled, new Input.Due()).next().state()).isEqualTo(JobState.CANCELLED);
    }
}
