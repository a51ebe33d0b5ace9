package io.windlass.job;

import static io.windlass.job.Fixtures.DECIDER;
import static io.windlass.job.Fixtures.NOW;
import static io.windlass.job.Fixtures.UID;
import static io.windlass.job.Fixtures.exited;
import static io.windlass.job.Fixtures.job;
import static io.windlass.job.Fixtures.look;
import static io.windlass.job.Fixtures.pod;
import static io.windlass.job.Fixtures.seen;
import static io.windlass.job.Fixtures.starting;
import static io.windlass.job.Fixtures.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What only events tell, what the nodes say, and what holds a verdict up. */
class DeciderEventsTest {
    private static final String NO_ACCOUNT =
            "error looking up service account ns/a: serviceaccount \"a\" not found";
    private static final PodSeen CREATING = pod(30, "Pending", waiting("ContainerCreating", ""));

    /** Lives through what is told at given seconds. */
    private static final class Story {
        private Job job = job(starting());

        Story told(int second, Input input) {
            Decision decision = DECIDER.decide(job, input, NOW.plusSeconds(second));
            job = job.after(decision);
            return this;
        }

        Story looked(int second, PodSeen pod) {
            return told(second, new Input.Looked(look(seen(UID), pod)));
        }

        Story refused(int second, long count, String why) {
            return told(second, refusal(count, why));
        }

        WaitClass waits() {
            Waiting waiting = job.progress().waiting();
            return waiting == null ? null : waiting.waitClass();
        }

        Desired desired() {
            return job.progress().desired();
        }
    }

    private static Input refusal(long count, String why) {
        return new Input.Looked(
                new Look(
                        seen(UID),
                        List.of(),
                        true,
                        List.of(new EventSeen("FailedCreate", why, count)),
                        Map.of("live", Map.of("cpu", "4")),
                        40));
    }

    private static PodSeen unmounted(long count, boolean all) {
        return with(
                new PodSeen.Told(
                        all,
                        0,
                        List.of(new EventSeen("FailedMount", "secret \"a\" not found", count))),
                false);
    }

    private static PodSeen with(PodSeen.Told told, boolean sandboxReady) {
        return new PodSeen(
                CREATING.name(),
                CREATING.uid(),
                CREATING.guard(),
                1,
                "Pending",
                "",
                "",
                "node-1",
                null,
                false,
                null,
                sandboxReady,
                told,
                CREATING.containers(),
                Fixtures.OWNER);
    }

    @Test
    void shouldGiveUpAVolumeThatIsMissingForItsGrace() {
        Story story = new Story().looked(0, unmounted(1, true));
        assertThat(story.waits()).isEqualTo(WaitClass.VOLUME_MISSING);
        story.looked(89, unmounted(6, true));
        assertThat(story.desired().isRun()).isTrue();
        story.looked(91, unmounted(6, true));
        assertThat(story.desired())
                .isEqualTo(
                        new Desired.Fail(
                                Reason.VOLUME_MISSING, "FailedMount: secret \"a\" not found"));
    }

    @Test
    void shouldHearEventsOfAPodThatItselfHasNotChanged() {
        Story story = new Story().told(0, new Input.PodObserved(CREATING));
        assertThat(story.waits()).isNull();
        story.told(1, new Input.PodObserved(unmounted(1, false)));
        assertThat(story.waits()).isEqualTo(WaitClass.VOLUME_MISSING);
    }

    @Test
    void shouldNotForgetACauseBecauseAWatchHasNotHeardOfItYet() {
        Story story =
                new Story()
                        .looked(0, unmounted(1, true))
                        .told(30, new Input.PodObserved(CREATING))
                        .told(31, new Input.Looked(Look.listed(seen(UID), List.of(CREATING), 40)));
        assertThat(story.waits()).isEqualTo(WaitClass.VOLUME_MISSING);
        assertThat(story.job.progress().waiting().since()).isEqualTo(NOW);
        story.looked(32, with(new PodSeen.Told(true, 0, List.of()), false));
        assertThat(story.waits()).as("a look reads all").isNull();
    }

    @Test
    void shouldNotGiveUpByAListThatHasNoEvents() {
        Story story = new Story().looked(0, unmounted(1, true));
        Decision decision =
                DECIDER.decide(
                        story.job,
                        new Input.Looked(Look.listed(seen(UID), List.of(CREATING), 40)),
                        NOW.plusSeconds(91));
        assertThat(decision.next().desired().isRun()).isTrue();
        assertThat(decision.commands()).containsExactly(new Command.TakeLook());
    }

    @Test
    void shouldBelieveThePodThatItsSandboxStands() {
        Story story = new Story().looked(0, unmounted(1, true));
        PodSeen.Told told = unmounted(1, true).told();
        story.looked(91, with(told, true));
        assertThat(story.waits()).isNull();
        assertThat(story.desired().isRun()).isTrue();
    }

    @Test
    void shouldTakeAFailedSandboxForASignThatVolumesAreThere() {
        EventSeen mount = new EventSeen("FailedMount", "secret \"a\" not found", 3);
        EventSeen sandbox = new EventSeen("FailedCreatePodSandBox", "no network", 1);
        Story story =
                new Story()
                        .looked(0, with(new PodSeen.Told(true, 0, List.of(sandbox, mount)), false));
        assertThat(story.waits()).isEqualTo(WaitClass.SANDBOX_FAILED);
        story.looked(1, with(new PodSeen.Told(true, 0, List.of(mount, sandbox)), false));
        assertThat(story.waits()).isEqualTo(WaitClass.VOLUME_MISSING);
    }

    @Test
    void shouldNotBelieveAnEventThatIsNotRepeatedForThreeMinutes() {
        Story story =
                new Story()
                        .refused(
                                0, 4, "exceeded quota: q, requested: x=1, used: x=1, limited: x=1");
        assertThat(story.waits()).isEqualTo(WaitClass.WAITING_FOR_ROOM);
        story = new Story();
        story.job = job(story.job.progress());
        PodSeen sandboxFails =
                with(
                        new PodSeen.Told(
                                true, 0, List.of(new EventSeen("FailedMount", "stuck", 1))),
                        false);
        story.looked(0, sandboxFails);
        assertThat(story.waits()).isEqualTo(WaitClass.VOLUME_FAILED);
        story.looked(359, sandboxFails);
        assertThat(story.waits())
                .as("six minutes for a kubelet")
                .isEqualTo(WaitClass.VOLUME_FAILED);
        story.looked(361, sandboxFails);
        assertThat(story.waits()).isNull();
        story.looked(601, sandboxFails);
        assertThat(story.desired().isRun()).as("nor does it begin anew").isTrue();
    }

    @Test
    void shouldGiveUpAJobWhosePodsAreNeverTaken() {
        Story story = new Story().refused(0, 1, NO_ACCOUNT).refused(59, 6, NO_ACCOUNT);
        assertThat(story.desired().isRun()).isTrue();
        assertThat(story.job.progress().waiting().object()).isEqualTo("ServiceAccount a");
        story.refused(61, 7, NO_ACCOUNT);
        assertThat(story.desired())
                .isEqualTo(
                        new Desired.Fail(
                                Reason.SERVICE_ACCOUNT_MISSING, "FailedCreate: " + NO_ACCOUNT));
        story.told(62, new Input.Deleted(true));
        assertThat(story.job.state()).isEqualTo(JobState.FAILED);
        assertThat(story.job.progress().mayHaveRun()).isFalse();
    }

    @Test
    void shouldNotGiveUpAJobWhoseControllerHasFallenSilent() {
        Story story = new Story();
        Rules slow =
                new Rules(
                        new Rules.Graces(
                                Map.of(
                                        WaitClass.SERVICE_ACCOUNT_MISSING,
                                        java.time.Duration.ofMinutes(10)),
                                java.time.Duration.ofMinutes(2),
                                java.time.Duration.ofMinutes(30)),
                        Rules.Cleanup.DEFAULT,
                        Rules.Checks.DEFAULT);
        Decider patient = new Decider(slow, Fixtures.INSTALLATION);
        for (int second : new int[] {0, 179, 181, 400, 601}) {
            story.job =
                    story.job.after(
                            patient.decide(
                                    story.job, refusal(3, NO_ACCOUNT), NOW.plusSeconds(second)));
        }
        assertThat(story.waits()).isEqualTo(WaitClass.PODS_REFUSED);
        assertThat(story.desired().isRun()).isTrue();
    }

    @Test
    void shouldForgetARefusalOnceAPodIsThere() {
        Story story = new Story().refused(0, 1, NO_ACCOUNT);
        story.told(10, new Input.JobObserved(seen(UID, 25, null)));
        assertThat(story.waits()).isEqualTo(WaitClass.SERVICE_ACCOUNT_MISSING);
        story.told(11, new Input.PodObserved(CREATING));
        assertThat(story.waits()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    exceeded quota: old, requested: cpu=2, used: cpu=0, limited: cpu=1 | QUOTA_EXCEEDED
                    exceeded quota: old, requested: cpu=2, used: cpu=2, limited: cpu=3 | WAITING_FOR_ROOM
                    exceeded quota: live, requested: cpu=3, used: cpu=0, limited: cpu=1 | WAITING_FOR_ROOM
                    exceeded quota: live, requested: cpu=5, used: cpu=0, limited: cpu=9 | QUOTA_EXCEEDED
                    """)
    void shouldAskTheQuotaAsItIsNow(String why, WaitClass expected) {
        assertThat(new Story().refused(0, 1, why).waits()).isEqualTo(expected);
    }

    @Test
    void shouldLookWhenItHearsThatPodsAreRefused() {
        Decision heard = Fixtures.decide(job(starting()), new Input.JobEventHeard(UID));
        assertThat(heard.next().nextCheckAt()).isEqualTo(NOW);
        Decision other = Fixtures.decide(job(starting()), new Input.JobEventHeard("another"));
        assertThat(other.next().nextCheckAt()).isEqualTo(starting().nextCheckAt());
    }

    @Test
    void shouldLookAtTheNodesAtOnceAndGiveUpWhatFitsNone() {
        PodSeen unplaced =
                CREATING.with(new PodSeen.Unscheduled("0/1 nodes", PodSeen.Room.UNKNOWN));
        PodSeen compared =
                CREATING.with(new PodSeen.Unscheduled("0/1 nodes", PodSeen.Room.NOWHERE, "small"));
        Story story = new Story().told(0, new Input.PodObserved(unplaced));
        assertThat(story.job.progress().nextCheckAt()).isEqualTo(NOW);
        story.looked(1, compared).told(2, new Input.PodObserved(unplaced));
        assertThat(story.waits()).isEqualTo(WaitClass.UNSCHEDULABLE);
        story.looked(62, compared);
        assertThat(story.desired())
                .isEqualTo(new Desired.Fail(Reason.UNSCHEDULABLE, "small; 0/1 nodes"));
    }

    @Test
    void shouldWaitForANodeThatIsExpected() {
        PodSeen.Told told =
                new PodSeen.Told(true, 0, List.of(new EventSeen("TriggeredScaleUp", "1->2", 1)));
        PodSeen expected =
                with(told, false)
                        .with(new PodSeen.Unscheduled("none", PodSeen.Room.NOWHERE, "small"));
        Story story = new Story().looked(0, expected).looked(899, expected);
        assertThat(story.waits()).isEqualTo(WaitClass.NODE_EXPECTED);
        assertThat(story.desired().isRun()).isTrue();
        story.looked(901, expected);
        assertThat(story.desired().isRun()).isFalse();
    }

    @Test
    void shouldNeverGiveUpForRoomOrGates() {
        for (PodSeen.Room room : Set.of(PodSeen.Room.SOMEWHERE, PodSeen.Room.GATED)) {
            PodSeen waits = CREATING.with(new PodSeen.Unscheduled("", room));
            Story story = new Story().looked(0, waits).looked(1_000_000, waits);
            assertThat(story.desired().isRun()).isTrue();
            assertThat(story.job.progress().waiting().verdictAt()).isNull();
        }
    }

    @Test
    void shouldWaitForASecretThatTheJobSaysItWaitsFor() {
        PodSeen noSecret =
                pod(30, "Pending", waiting("CreateContainerConfigError", "secret \"a\" not found"));
        Story story = new Story();
        story.job = waitingForConfig(story.job);
        story.looked(0, noSecret).looked(1_000_000, noSecret);
        assertThat(story.desired().isRun()).isTrue();
        assertThat(story.waits()).isEqualTo(WaitClass.CONFIG_MISSING);
        assertThat(story.job.progress().waiting().verdictAt()).isNull();
    }

    private static Job waitingForConfig(Job job) {
        return new Job(
                job.id(),
                job.cluster(),
                job.namespace(),
                job.name(),
                job.specHash(),
                0,
                1,
                null,
                true,
                job.submittedAt(),
                job.version(),
                job.progress(),
                null,
                0,
                List.of(),
                Surroundings.NONE,
                false);
    }

    @Test
    void shouldHoldUpAVerdictDuringAnOutageButNotForEver() {
        PodSeen failing = pod(30, "Pending", waiting("ErrImagePull", "429 Too Many Requests"));
        Surroundings outage =
                new Surroundings(
                        List.of(
                                new Surroundings.Outage(
                                        Outages.Kind.REGISTRY, "127.0.0.1:5001", NOW)),
                        Set.of());
        Story story = new Story().looked(0, failing);
        story.job = story.job.amid(outage);
        story.looked(901, failing);
        assertThat(story.desired().isRun()).isTrue();
        assertThat(story.job.progress().waiting().message()).contains("127.0.0.1:5001 fail since");
        assertThat(story.job.progress().waiting().verdictAt()).isEqualTo(NOW.plusSeconds(45 * 60));
        story.looked(45 * 60 + 1, failing);
        assertThat(story.desired().isRun()).isFalse();
    }

    @Test
    void shouldRememberThatAnImageHasStarted() {
        Decision decision =
                Fixtures.decide(
                        job(starting()),
                        new Input.PodObserved(pod(30, "Succeeded", exited(0, "Completed", ""))));
        assertThat(decision.startedImages()).containsExactly("app");
    }
}
