package io.windlass.podevents;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.windlass.job.JobIdentity;
import io.windlass.job.PodSeen;
import io.windlass.messages.EnvelopeCodec;
import io.windlass.messages.Installation;
import io.windlass.messages.Message;
import io.windlass.queue.MessageQueue;
import io.windlass.service.Loops;
import io.windlass.service.Machine;
import io.windlass.service.Observer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told of pods, and what of it is not held back to be sent with others. */
class PodWatcherTest {
    private static final String JOB = "01a1fc33-67c6-7ed5-b209-32711367a265";

    private final Installation installation =
            new Installation(UUID.randomUUID(), "a key of some length", List.of());
    private final EnvelopeCodec codec = new EnvelopeCodec(installation);
    private final List<PodSeen> sent = new ArrayList<>();
    private final Observer observer =
            new Observer(
                    "pod-observations",
                    new TestQueue(),
                    codec,
                    installation,
                    "local",
                    Clock.fixed(Instant.EPOCH, ZoneOffset.UTC),
                    new StandingMachine(),
                    new SimpleMeterRegistry());
    private final PodWatcher watcher = new PodWatcher(observer, new Loops());

    /** No time passes on it: what is held back once is held back for ever. */
    private static final class StandingMachine implements Machine {
        @Override
        public long nanoTime() {
            return Duration.ofDays(1).toNanos();
        }

        @Override
        public void sleep(Duration length) {
            throw new AssertionError("nobody sleeps here");
        }

        @Override
        public UUID randomId() {
            return new UUID(0, 1);
        }

        @Override
        public double chance() {
            return 0.5;
        }

        @Override
        public void execute(Runnable work) {
            work.run();
        }
    }

    private final class TestQueue implements MessageQueue {
        @Override
        public List<Unsent> send(List<String> bodies) {
            for (String body : bodies) {
                if (codec.decode(body) instanceof EnvelopeCodec.Decoded.Valid(var envelope)
                        && envelope.message() instanceof Message.PodObserved(var _, var pod)) {
                    sent.add(pod);
                }
            }
            return List.of();
        }

        @Override
        public List<Received> receive(Duration wait) {
            throw new AssertionError("nobody receives here");
        }

        @Override
        public void delete(Collection<Received> messages) {
            throw new AssertionError("nobody receives here");
        }

        @Override
        public void release(Collection<Received> messages) {
            throw new AssertionError("nobody receives here");
        }

        @Override
        public void bury(Received message) {
            throw new AssertionError("nobody receives here");
        }
    }

    private static Pod pod(String uid, String phase, String waits) {
        return new PodBuilder()
                .withNewMetadata()
                .withName("p-" + uid)
                .withNamespace("default")
                .withUid(uid)
                .withResourceVersion("7")
                .addToLabels(JobIdentity.JOB_ID, JOB)
                .addToLabels(JobIdentity.ATTEMPT, "1")
                .endMetadata()
                .withNewSpec()
                .withNodeName("node-1")
                .endSpec()
                .withNewStatus()
                .withPhase(phase)
                .withContainerStatuses(
                        new ContainerStatusBuilder()
                                .withName("main")
                                .withState(
                                        new ContainerStateBuilder()
                                                .withNewWaiting()
                                                .withReason(waits)
                                                .endWaiting()
                                                .build())
                                .build())
                .endStatus()
                .build();
    }

    /** Just before, so that what follows would be held back. */
    private void somethingWasSent() {
        watcher.onAdd(pod("first", "Running", "ContainerCreating"));
        observer.runOnce();
        assertThat(sent).hasSize(1);
        sent.clear();
    }

    @Test
    void shouldHoldBackWhatNobodyWaitsFor() {
        somethingWasSent();
        watcher.onAdd(pod("other", "Running", "ContainerCreating"));
        assertThat(observer.runOnce()).isEqualTo(Duration.ofMillis(40));
        assertThat(sent).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Failed", "Succeeded"})
    void shouldSendAtOnceThatAPodIsOver(String phase) {
        somethingWasSent();
        watcher.onUpdate(
                pod("first", "Running", "ContainerCreating"),
                pod("first", phase, "ContainerCreating"));
        observer.runOnce();
        assertThat(sent).singleElement().extracting(PodSeen::phase).isEqualTo(phase);
    }

    @Test
    void shouldSendAtOnceThatAPodIsGone() {
        somethingWasSent();
        watcher.onDelete(pod("first", "Running", "ContainerCreating"), false);
        observer.runOnce();
        assertThat(sent).singleElement().extracting(PodSeen::phase).isEqualTo("Failed");
    }

    @Test
    void shouldSendAtOnceWhatIsAVerdictByItself() {
        somethingWasSent();
        watcher.onAdd(pod("other", "Pending", "InvalidImageName"));
        observer.runOnce();
        assertThat(sent).hasSize(1);
    }

    private int pulls(String before, String now) {
        watcher.onUpdate(pod("first", "Pending", before), pod("first", "Pending", now));
        return watcher.told("first").pulls();
    }

    /** Finding P57: events may come late, or not at all. */
    @Test
    void shouldCountThatAPullFailedAgainAfterAWait() {
        assertThat(pulls("ContainerCreating", "ErrImagePull")).isZero();
        assertThat(pulls("ErrImagePull", "ImagePullBackOff")).isZero();
        assertThat(pulls("ImagePullBackOff", "ErrImagePull")).isEqualTo(2);
        assertThat(pulls("ErrImagePull", "ErrImagePull")).isEqualTo(2);
        assertThat(pulls("ErrImagePull", "ImagePullBackOff")).isEqualTo(2);
        assertThat(pulls("ImagePullBackOff", "ErrImagePull")).isEqualTo(3);
        watcher.onDelete(pod("first", "Pending", "ErrImagePull"), false);
        assertThat(watcher.told("first").pulls()).isZero();
    }
}
