package io.windlass.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.job.Drift;
import io.windlass.job.Input;
import io.windlass.job.Job;
import io.windlass.job.JobId;
import io.windlass.job.JobSeen;
import io.windlass.job.JobState;
import io.windlass.job.Look;
import io.windlass.job.PodSeen;
import io.windlass.messages.Message;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A list of all takes its time, and what is told meanwhile is younger. */
class ReconcilerTest extends WithReconciler {
    @Test
    void shouldLeaveAloneWhatIsAsItsRowSays() {
        JobId id = running();
        Job before = load(id);
        reconciler.runOnce();
        assertThat(load(id)).isEqualTo(before);
        assertThat(differ()).isZero();
    }

    @Test
    void shouldWriteNothingOfAListThatHasBeenOvertaken() {
        JobId id = running();
        meanwhile =
                () -> {
                    inbox.handle(
                            List.of(
                                    new Message.PodObserved(id, pod(id, "a", 45, "Succeeded")),
                                    new Message.JobObserved(id, seen(id, 46, COMPLETE), false)));
                    decided(id, new Input.Looked(Look.NOTHING));
                };
        reconciler.runOnce();
        Job settled = load(id);
        assertThat(settled.progress().settled()).isTrue();
        assertThat(settled.pods()).singleElement().extracting("phase").isEqualTo("Succeeded");
        int version = settled.version();
        int strays =
                database.transaction(handle ->
                        handle.createQuery(
                                        "select count(*) from job_event where reason = 'StrayFound'")
                                .mapTo(Integer.class)
                                .one());
        assertThat(strays).isZero();
        assertThat(isLookedAt(id)).as("that is a reason to look, not to delete").isTrue();
        assertThat(differ()).as("the list was older").isZero();
        decided(id, new Input.Looked(Look.NOTHING).answering(settled.progress().lookWantedAt()));
        assertThat(load(id).version()).isEqualTo(version);
        assertThat(isLookedAt(id)).isFalse();
    }

    @Test
    void shouldNotSayThatAPodIsGoneThatIsYoungerThanTheList() {
        JobId id = running();
        meanwhile =
                () ->
                        inbox.handle(
                                List.of(new Message.PodObserved(id, pod(id, "b", 41, "Running"))));
        reconciler.runOnce();
        assertThat(load(id).pods()).extracting("phase").containsOnly("Running");
        assertThat(isLookedAt(id)).isFalse();
    }

    @Test
    void shouldCompareAJobOfManyPodsWithEachThatIsListed() {
        JobId id = running();
        List<PodSeen> pods =
                IntStream.range(0, 50)
                        .mapToObj(n -> pod(id, "p" + n, 31 + n, "Succeeded"))
                        .toList();
        inbox.handle(pods.stream().<Message>map(pod -> new Message.PodObserved(id, pod)).toList());
        List<PodSeen> there = new ArrayList<>(pods);
        there.add(pod(id, "a", 30, "Running"));
        listed.put(id, Look.listed(seen(id, 20), there, 100));
        reconciler.runOnce();
        assertThat(differ()).isZero();
        assertThat(isLookedAt(id)).isFalse();
        there.add(pod(id, "untold", 90, "Succeeded"));
        listed.put(id, Look.listed(seen(id, 20), there, 100));
        reconciler.runOnce();
        assertThat(differ(Drift.PODS)).isOne();
        assertThat(isLookedAt(id)).isTrue();
    }

    @Test
    void shouldNotLoadWhatIsKnownOfManyJobsOfManyPodsAtOnce() {
        for (int i = 0; i < 3; i++) {
            JobId id = JobId.at(System.currentTimeMillis(), new Random());
            listed.put(
                    id,
                    Look.listed(
                            seen(id, 20),
                            Collections.nCopies(2_000, pod(id, "p", 30, "Succeeded")),
                            LISTED_AT));
        }
        reconciler.runOnce();
        assertThat(loads).hasValue(3);
    }

    @Test
    void shouldCountWhatDiffersAndHaveItLookedAt() {
        JobId ended = running();
        JobId went = running();
        JobId stranger = JobId.at(System.currentTimeMillis(), new Random());
        listed.put(
                ended,
                Look.listed(
                        seen(ended, 38, COMPLETE),
                        List.of(pod(ended, "a", 37, "Succeeded")),
                        LISTED_AT));
        listed.remove(went);
        listed.put(stranger, Look.listed(seen(stranger, 20), List.of(), LISTED_AT));
        reconciler.runOnce();
        assertThat(differ(Drift.END_NOT_NOTED)).isOne();
        assertThat(differ(Drift.MISSING_JOB)).isOne();
        assertThat(differ(Drift.UNKNOWN_JOB)).isOne();
        assertThat(differ()).isEqualTo(3);
        assertThat(isLookedAt(ended)).isTrue();
        assertThat(isLookedAt(went)).isTrue();
        assertThat(load(ended).state()).as("a look decides").isEqualTo(JobState.RUNNING);
        decided(
                ended,
                new Input.Looked(new Look(seen(ended, 38, COMPLETE), List.of()))
                        .answering(load(ended).progress().lookWantedAt()));
        decided(went, new Input.Looked(Look.NOTHING));
        listed.remove(stranger);
        reconciler.runOnce();
        assertThat(differ(Drift.END_NOT_NOTED)).isZero();
        assertThat(differ(Drift.UNKNOWN_JOB)).isZero();
    }

    @Test
    void shouldNotSayThatAStrangerIsLeftOver() {
        JobId id = running();
        decided(id, new Input.Looked(new Look(seen(id, 38, COMPLETE), List.of())));
        decided(id, new Input.Looked(Look.NOTHING));
        assertThat(load(id).progress().settled()).isTrue();
        JobSeen its = seen(id, 50);
        JobSeen copy = new JobSeen("other", its.name(), "a-uid", 50, its.owner(), null, List.of());
        listed.put(id, Look.listed(copy, List.of(), LISTED_AT));
        reconciler.runOnce();
        assertThat(differ()).isZero();
        assertThat(isLookedAt(id)).isFalse();
        assertThat(metrics.get(Inbox.FOREIGN).counter().count()).isOne();
    }

    /** Its row knows that no list can have it; it is looked at all the same. */
    @Test
    void shouldNotMissAJobWhoseLabelsSomebodyTookAway() {
        JobId id = running();
        JobSeen its = seen(id, 40);
        JobSeen bare = new JobSeen("default", its.name(), its.uid(), 40, null, null, List.of());
        PodSeen pod = pod(id, "a", 30, "Running");
        decided(id, new Input.Looked(new Look(bare, List.of(pod))));
        assertThat(load(id).progress().marks().changedSince()).isNotNull();
        listed.remove(id);
        reconciler.runOnce();
        assertThat(isLookedAt(id)).isTrue();
        assertThat(differ()).isZero();
    }
}
