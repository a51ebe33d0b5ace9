package io.windlass.job;

import static io.windlass.job.Fixtures.NOW;
import static io.windlass.job.Fixtures.UID;
import static io.windlass.job.Fixtures.condition;
import static io.windlass.job.Fixtures.decide;
import static io.windlass.job.Fixtures.ended;
import static io.windlass.job.Fixtures.exited;
import static io.windlass.job.Fixtures.job;
import static io.windlass.job.Fixtures.known;
import static io.windlass.job.Fixtures.look;
import static io.windlass.job.Fixtures.pod;
import static io.windlass.job.Fixtures.progress;
import static io.windlass.job.Fixtures.queued;
import static io.windlass.job.Fixtures.running;
import static io.windlass.job.Fixtures.seen;
import static io.windlass.job.Fixtures.starting;
import static io.windlass.job.Fixtures.strangers;
import static io.windlass.job.Fixtures.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DeciderTest {
    private static final Input FAILED =
            new Input.JobObserved(seen(UID, condition("Failed", "PodFailurePolicy")));

    @Test
    void shouldFixTheNameBeforeAnythingIsCreated() {
        Decision decision = decide(queued(), new Input.Admitted());
        assertThat(decision.next().state()).isEqualTo(JobState.STARTING);
        assertThat(decision.next().kubernetesName()).isEqualTo(Fixtures.NAME);
        assertThat(decision.next().nextCheckAt()).isEqualTo(NOW);
    }

    @Test
    void shouldEndACancelledJobThatWasStillQueuedWithoutACluster() {
        Decision wish = decide(queued(), new Input.CancelRequested("me"));
        assertThat(wish.next().state()).isEqualTo(JobState.QUEUED);
        Decision end = decide(queued().after(wish), new Input.Due());
        assertThat(end.next().state()).isEqualTo(JobState.CANCELLED);
        assertThat(end.next().mayHaveRun()).isFalse();
        assertThat(end.next().settled()).isTrue();
    }

    @Test
    void shouldCreateOnlyWhereNobodyHoldsTheClaim() {
        Progress uncreated = progress(JobState.STARTING, new Desired.Run(), null);
        assertThat(decide(job(uncreated), new Input.Due()).commands())
                .containsExactly(new Command.Create());
        Instant until = NOW.plusSeconds(5);
        Job claimed = job(uncreated, new Claim(UUID.randomUUID(), until), 0);
        Decision waits = decide(claimed, new Input.Due());
        assertThat(waits.commands()).isEmpty();
        assertThat(waits.next().nextCheckAt()).isEqualTo(until);
        Job expired = job(uncreated, new Claim(UUID.randomUUID(), NOW.minusSeconds(1)), 0);
        assertThat(decide(expired, new Input.Due()).commands())
                .containsExactly(new Command.Create());
    }

    @Test
    void shouldAdoptTheJobThatAnEarlierCrashCreated() {
        Job uncreated = job(progress(JobState.STARTING, new Desired.Run(), null));
        Decision decision = decide(uncreated, new Input.Looked(look(seen(UID))));
        assertThat(decision.next().kubernetesUid()).isEqualTo(UID);
        assertThat(decision.next().state()).isEqualTo(JobState.STARTING);
    }

    @Test
    void shouldNotAdoptAnotherInstallationsJob() {
        JobSeen theirs =
                new JobSeen(
                        "default",
                        Fixtures.NAME,
                        UID,
                        20,
                        new JobSeen.Owner(
                                UUID.randomUUID().toString(),
                                Fixtures.ID.toString(),
                                1,
                                Fixtures.HASH),
                        null,
                        List.of());
        Job uncreated = job(progress(JobState.STARTING, new Desired.Run(), null));
        Decision decision = decide(uncreated, new Input.Looked(look(theirs)));
        assertThat(decision.next().reason()).isEqualTo("NAME_CONFLICT");
    }

    @Test
    void shouldNotLetAnOlderSightOfAPodCoverANewerOne() {
        Job job = job(starting());
        Decision now = decide(job, new Input.PodObserved(pod(30, "Running", running())));
        Decision late =
                decide(
                        job.after(now),
                        new Input.PodObserved(pod(29, "Pending", waiting("InvalidImageName", ""))));
        assertThat(late.evidence()).isNull();
        assertThat(late.next().state()).isEqualTo(JobState.RUNNING);
    }

    @Test
    void shouldNotAdoptAJobOfAnotherSpec() {
        JobSeen otherSpec =
                new JobSeen(
                        "default",
                        Fixtures.NAME,
                        UID,
                        20,
                        new JobSeen.Owner(
                                Fixtures.INSTALLATION.toString(),
                                Fixtures.ID.toString(),
                                1,
                                "other"),
                        null,
                        List.of());
        Job uncreated = job(progress(JobState.STARTING, new Desired.Run(), null));
        Decision decision = decide(uncreated, new Input.Looked(look(otherSpec)));
        assertThat(decision.next().reason()).isEqualTo("NAME_CONFLICT");
        assertThat(decision.commands()).isEmpty();
    }

    @Test
    void shouldCallAStrangersObjectUnderOurNameAConflictAndLeaveItAlone() {
        Job uncreated = job(progress(JobState.STARTING, new Desired.Run(), null));
        Decision decision = decide(uncreated, new Input.NameTaken(strangers("theirs")));
        assertThat(decision.next().reason()).isEqualTo("NAME_CONFLICT");
        assertThat(decision.next().mayHaveRun()).isFalse();
        assertThat(decision.next().settled()).isTrue();
        assertThat(decision.commands()).isEmpty();
    }

    @Test
    void shouldDeleteASecondJobOfOursByItsOwnUid() {
        Decision decision = decide(job(starting()), new Input.JobObserved(seen("another-uid")));
        assertThat(decision.commands()).containsExactly(new Command.DeleteStray("another-uid"));
        assertThat(decision.next().kubernetesUid()).isEqualTo(UID);
    }

    @Test
    void shouldDropWhatIsOlderThanWhatWasSeen() {
        JobSeen old = seen(UID, 9, null, condition("Failed", "DeadlineExceeded"));
        assertThat(decide(job(starting()), new Input.JobObserved(old)).evidence()).isNull();
        Decision live = decide(job(starting()), new Input.Looked(look(old)));
        assertThat(live.next().state())
                .as("a live look resets the guard")
                .isEqualTo(JobState.FAILED);
        assertThat(live.next().guard()).isEqualTo(9);
    }

    @Test
    void shouldRunOnceAContainerHasStarted() {
        Decision decision =
                decide(job(starting()), new Input.PodObserved(pod(30, "Running", running())));
        assertThat(decision.next().state()).isEqualTo(JobState.RUNNING);
        assertThat(decision.next().startedAt()).isEqualTo(NOW);
    }

    @Test
    void shouldLookLessOftenTheLongerAJobHasWaited() {
        assertThat(quietAfter(50)).isBetween(Duration.ofSeconds(27), Duration.ofSeconds(33));
        assertThat(quietAfter(600)).isBetween(Duration.ofSeconds(270), Duration.ofSeconds(330));
        assertThat(quietAfter(86_400)).isBetween(Duration.ofSeconds(540), Duration.ofSeconds(660));
    }

    private static Duration quietAfter(long seconds) {
        Job job = job(Fixtures.admitted(NOW.minusSeconds(seconds)));
        Decision decision = decide(job, new Input.Looked(look(seen(UID))));
        return Duration.between(NOW, decision.next().nextCheckAt());
    }

    @Test
    void shouldNotTakeTheEpochForAStart() {
        PodSeen.ContainerSeen neverRan =
                new PodSeen.ContainerSeen(
                        "main",
                        "app",
                        null,
                        Instant.EPOCH,
                        new PodSeen.Ended(128, "StartError", "exec: not found"));
        Decision decision =
                decide(job(starting()), new Input.PodObserved(pod(30, "Failed", neverRan)));
        assertThat(decision.next().state()).isEqualTo(JobState.STARTING);
        Look failed =
                look(
                        seen(UID, condition("Failed", "PodFailurePolicy")),
                        pod(30, "Failed", neverRan));
        Decision end = decide(job(starting()).after(decision), new Input.Looked(failed));
        assertThat(end.next().reason()).isEqualTo("CONTAINER_CANNOT_START");
    }

    @Test
    void shouldLookAtThePodsBeforeItFailsAJobWhoseExitCodeItHasNotSeen() {
        Decision first = decide(job(starting()), FAILED);
        assertThat(first.next().state()).isEqualTo(JobState.STARTING);
        assertThat(first.commands()).containsExactly(new Command.TakeLook());
        Decision second =
                decide(
                        job(starting()),
                        new Input.Looked(
                                look(
                                        seen(UID, condition("Failed", "PodFailurePolicy")),
                                        pod(30, "Failed", exited(3, "Error", "broken")))));
        assertThat(second.next().reason()).isEqualTo("EXIT_CODE");
        assertThat(second.next().exitCode()).isEqualTo(3);
        assertThat(second.next().message()).isEqualTo("broken");
    }

    @Test
    void shouldNameTheReasonInTheOrderOfTheContract() {
        assertThat(reason("DeadlineExceeded", exited(137, "OOMKilled", "")))
                .isEqualTo("DEADLINE_EXCEEDED");
        assertThat(reason("PodFailurePolicy", exited(137, "OOMKilled", "")))
                .isEqualTo("OOM_KILLED");
        assertThat(reason("PodFailurePolicy", exited(1, "Error", ""))).isEqualTo("EXIT_CODE");
    }

    private static String reason(String condition, PodSeen.ContainerSeen container) {
        Look look = look(seen(UID, condition("Failed", condition)), pod(30, "Failed", container));
        return decide(job(starting()), new Input.Looked(look)).next().reason();
    }

    @Test
    void shouldFailAtOnceOnAnImageNameThatCanNeverBeParsed() {
        Decision decision =
                decide(
                        job(starting()),
                        new Input.PodObserved(
                                pod(30, "Pending", waiting("InvalidImageName", "couldn't parse"))));
        assertThat(decision.next().reason()).isEqualTo("IMAGE_NAME_INVALID");
        assertThat(decision.next().mayHaveRun()).isFalse();
        assertThat(decision.next().deleteRequestedAt()).as("cleaned up after").isEqualTo(NOW);
    }

    @Test
    void shouldWaitForTheGraceOfACauseFromItsFirstSight() {
        Decision decision =
                decide(
                        job(starting()),
                        new Input.PodObserved(
                                pod(
                                        30,
                                        "Pending",
                                        waiting(
                                                "CreateContainerConfigError",
                                                "secret \"a\" not found"))));
        assertThat(decision.next().state()).isEqualTo(JobState.STARTING);
        assertThat(decision.next().waiting().verdictAt()).isEqualTo(NOW.plusSeconds(30));
        assertThat(decision.next().nextCheckAt()).isBeforeOrEqualTo(NOW.plusSeconds(30));
    }

    @Test
    void shouldGiveUpOnlyByALookThatStillSeesTheCause() {
        PodRecord since = known(WaitClass.CONFIG_MISSING, Duration.ofSeconds(31), 0);
        PodSeen still =
                pod(30, "Pending", waiting("CreateContainerConfigError", "secret \"a\" not found"));
        Decision message = decide(job(starting(), since), new Input.PodObserved(still));
        assertThat(message.next().desired().isRun()).as("a message is no look").isTrue();
        assertThat(message.commands()).containsExactly(new Command.TakeLook());
        Decision looked = decide(job(starting(), since), new Input.Looked(look(seen(UID), still)));
        assertThat(looked.next().desired())
                .isEqualTo(new Desired.Fail(Reason.CONFIG_MISSING, "the first cause"));
        assertThat(looked.commands()).containsExactly(new Command.Delete(UID));
        Decision mended =
                decide(
                        job(starting(), since),
                        new Input.Looked(look(seen(UID), pod(31, "Running", running()))));
        assertThat(mended.next().state()).isEqualTo(JobState.RUNNING);
        assertThat(mended.next().desired().isRun()).isTrue();
    }

    @Test
    void shouldNotJudgeByAPodThatIsGone() {
        PodRecord since = known(WaitClass.CONFIG_MISSING, Duration.ofSeconds(31), 0);
        Decision looked = decide(job(starting(), since), new Input.Looked(look(seen(UID))));
        assertThat(looked.next().desired().isRun()).isTrue();
        assertThat(looked.next().waiting()).isNull();
    }

    @Test
    void shouldAskForASecondPullOrTwiceTheTimeBeforeAnImageIsCalledMissing() {
        PodSeen once = pod(30, "Pending", waiting("ImagePullBackOff", "x: not found"));
        Job afterAMinute =
                job(starting(), known(WaitClass.IMAGE_NOT_FOUND, Duration.ofSeconds(61), 1));
        assertThat(
                        decide(afterAMinute, new Input.Looked(look(seen(UID), once)))
                                .next()
                                .desired()
                                .isRun())
                .isTrue();
        Job twice = job(starting(), known(WaitClass.IMAGE_NOT_FOUND, Duration.ofSeconds(61), 2));
        assertThat(decide(twice, new Input.Looked(look(seen(UID), once))).next().desired().isRun())
                .isFalse();
        Job later = job(starting(), known(WaitClass.IMAGE_NOT_FOUND, Duration.ofSeconds(121), 1));
        assertThat(decide(later, new Input.Looked(look(seen(UID), once))).next().desired().isRun())
                .isFalse();
    }

    @Test
    void shouldEndACancelOnlyWhenTheJobIsGone() {
        Job cancelled = job(progress(JobState.RUNNING, new Desired.Cancel(), UID));
        Decision look = decide(cancelled, new Input.Looked(look(seen(UID))));
        assertThat(look.commands()).containsExactly(new Command.Delete(UID));
        assertThat(look.next().state()).isEqualTo(JobState.RUNNING);
        Decision gone = decide(cancelled, new Input.Looked(Look.NOTHING));
        assertThat(gone.next().state()).isEqualTo(JobState.CANCELLED);
        assertThat(gone.next().mayHaveRun()).isTrue();
    }

    @Test
    void shouldLetASuccessWinThatStoodBeforeTheDeletion() {
        Job cancelled = job(progress(JobState.RUNNING, new Desired.Cancel(), UID));
        JobSeen before = seen(UID, 20, NOW, condition("Complete", "CompletionsReached"));
        assertThat(decide(cancelled, new Input.JobGone(before)).next().state())
                .isEqualTo(JobState.SUCCEEDED);
        JobSeen after =
                seen(UID, 20, NOW.minusSeconds(10), condition("Complete", "CompletionsReached"));
        assertThat(decide(cancelled, new Input.JobGone(after)).next().state())
                .as("an exit 0 on SIGTERM is no success")
                .isEqualTo(JobState.RUNNING);
    }

    @Test
    void shouldDeleteWhatWasCreatedWhileItWasBeingCancelled() {
        Job cancelled = job(progress(JobState.STARTING, new Desired.Cancel(), null));
        Decision created = decide(cancelled, new Input.Created(seen(UID)));
        assertThat(created.next().nextCheckAt()).isEqualTo(NOW);
        Decision look = decide(cancelled.after(created), new Input.Looked(look(seen(UID))));
        assertThat(look.commands()).containsExactly(new Command.Delete(UID));
    }

    @Test
    void shouldCallAJobDeletedOnlyAfterTheConfirmation() {
        Decision first = decide(job(starting()), new Input.Looked(Look.NOTHING));
        assertThat(first.next().state()).isEqualTo(JobState.STARTING);
        assertThat(first.next().nextCheckAt()).isEqualTo(NOW.plusSeconds(10));
        Job later = job(starting()).after(first);
        Decision early =
                Fixtures.DECIDER.decide(later, new Input.Looked(Look.NOTHING), NOW.plusSeconds(5));
        assertThat(early.next().state()).isEqualTo(JobState.STARTING);
        Decision second =
                Fixtures.DECIDER.decide(later, new Input.Looked(Look.NOTHING), NOW.plusSeconds(10));
        assertThat(second.next().reason()).isEqualTo("JOB_DELETED");
    }

    @Test
    void shouldKeepAJobWhoseClaimWasTakenOverForADayWithoutItsPods() {
        Job taken = job(ended(JobState.SUCCEEDED), null, 1);
        Decision due = decide(taken, new Input.Due());
        assertThat(due.commands()).containsExactly(new Command.Retire(UID));
        Decision dropped = decide(taken, new Input.Retired(false));
        assertThat(dropped.next().nextCheckAt())
                .isEqualTo(NOW.minusSeconds(5).plus(Duration.ofHours(24)));
        assertThat(decide(job(ended(JobState.SUCCEEDED)), new Input.Due()).commands())
                .as("usually it goes at once")
                .containsExactly(new Command.Remove(UID));
    }

    @Test
    void shouldKeepTheNameTakenWhereItIsCancelledAndACreatorMayThaw() {
        Progress cancelled = progress(JobState.RUNNING, new Desired.Cancel(), UID);
        Job taken = job(cancelled, null, 1);
        assertThat(decide(taken, new Input.Looked(look(seen(UID)))).commands())
                .containsExactly(new Command.Retire(UID));
        Decision still =
                decide(
                        taken,
                        new Input.Looked(look(seen(UID, condition("Suspended", "JobSuspended")))));
        assertThat(still.next().state()).isEqualTo(JobState.CANCELLED);
        assertThat(still.next().settled()).isFalse();
        assertThat(decide(taken.after(still), new Input.Due()).commands())
                .as("it stays for a day")
                .containsExactly(new Command.Retire(UID));
    }

    @Test
    void shouldTakeTheNameOfACancelledJobWhoseCreatorNeverCameBack() {
        Progress cancelled = progress(JobState.STARTING, new Desired.Cancel(), null);
        Job frozen = job(cancelled, new Claim(UUID.randomUUID(), NOW.minusSeconds(1)), 0);
        assertThat(decide(frozen, new Input.Due()).commands())
                .containsExactly(new Command.Occupy());
        Decision end = decide(frozen, new Input.Occupied(seen(UID)));
        assertThat(end.next().state()).isEqualTo(JobState.CANCELLED);
        assertThat(end.next().mayHaveRun()).isFalse();
        assertThat(end.next().settled()).isFalse();
    }

    @Test
    void shouldNotCallItASuccessThatAProgramEndedWellWhenItWasSuspended() {
        Progress cancelled = progress(JobState.RUNNING, new Desired.Cancel(), UID);
        JobSeen seen =
                seen(
                        UID,
                        condition("Suspended", "JobSuspended"),
                        condition("Complete", "CompletionsReached"));
        Decision end = decide(job(cancelled, null, 1), new Input.Looked(look(seen)));
        assertThat(end.next().state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void shouldDeleteTheJobThatARestoredClusterBroughtBack() {
        Decision settled = decide(job(ended(JobState.SUCCEEDED)), new Input.Deleted(true));
        Job over = job(ended(JobState.SUCCEEDED)).after(settled);
        assertThat(decide(over, new Input.JobObserved(seen(UID))).commands())
                .as("a message may only be late")
                .isEmpty();
        assertThat(decide(over, new Input.Looked(look(seen(UID)))).commands())
                .containsExactly(new Command.DeleteStray(UID));
    }

    @Test
    void shouldKeepAnEndedJobForItsTimeThoughAListShowsIt() {
        Job over = job(ended(JobState.FAILED));
        Decision seen = decide(over, new Input.Looked(look(seen(UID))));
        assertThat(seen.commands()).isEmpty();
        assertThat(seen.next().nextCheckAt()).isEqualTo(over.progress().nextCheckAt());
    }

    @Test
    void shouldSettleOnlyWhenNothingIsLeft() {
        Job over = job(ended(JobState.SUCCEEDED));
        assertThat(decide(over, new Input.Deleted(false)).next().settled()).isFalse();
        assertThat(decide(over, new Input.Deleted(true)).next().settled()).isTrue();
    }

    @Test
    void shouldRecordEvidenceThatComesAfterTheEndAndChangeNothingElse() {
        Job over = job(ended(JobState.CANCELLED));
        Decision late = decide(over, new Input.PodObserved(pod(30, "Running", running())));
        assertThat(late.changedPods()).hasSize(1);
        assertThat(late.evidence()).isNotNull();
        assertThat(late.next().state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void shouldFailASpecThatTheApiServerRefuses() {
        Job uncreated = job(progress(JobState.STARTING, new Desired.Run(), null));
        Decision refused =
                decide(
                        uncreated,
                        new Input.CreateRefused(Input.Refusal.SPEC_INVALID, "spec.x: bad"));
        assertThat(refused.next().reason()).isEqualTo("SPEC_INVALID");
        Decision forbidden =
                decide(uncreated, new Input.CreateRefused(Input.Refusal.FORBIDDEN, "rbac"));
        assertThat(forbidden.next().state()).as("never a verdict").isEqualTo(JobState.STARTING);
        assertThat(forbidden.next().waiting().waitClass()).isEqualTo(WaitClass.FORBIDDEN);
    }
}
