package io.windlass.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.windlass.job.JobId;
import io.windlass.messages.EnvelopeCodec;
import io.windlass.messages.Installation;
import io.windlass.messages.Message;
import io.windlass.queue.MessageQueue;
import io.windlass.queue.QueueAwayException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What watchers saw, on its way to a queue that may be slow, away or particular. */
class ObserverTest {
    private static final Duration BETWEEN_CALLS = Duration.ofMillis(40);

    private final Installation installation =
            new Installation(UUID.randomUUID(), "a key of some length", List.of());
    private final EnvelopeCodec codec = new EnvelopeCodec(installation);
    private final TestQueue queue = new TestQueue();
    private final TestMachine machine = new TestMachine();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final Observer observer =
            new Observer(
                    "test",
                    queue,
                    codec,
                    installation,
                    "local",
                    Clock.fixed(Instant.EPOCH, ZoneOffset.UTC),
                    machine,
                    metrics);

    /** Goes on when it is told to. */
    private static final class TestMachine implements Machine {
        private long nanos = Duration.ofDays(1).toNanos();

        @Override
        public long nanoTime() {
            return nanos;
        }

        @Override
        public void sleep(Duration length) {
            nanos += length.toNanos();
        }

        @Override
        public UUID randomId() {
            return new UUID(0, nanos);
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

    /** As the real one: in calls of ten, and it tells what it does not take. */
    private final class TestQueue implements MessageQueue {
        private final List<String> jobs = new ArrayList<>();
        private final Set<String> refused = new HashSet<>();
        private final Set<String> later = new HashSet<>();
        private boolean away;
        private Runnable meanwhile = () -> {};
        private int calls;

        @Override
        public List<Unsent> send(List<String> bodies) {
            if (away) {
                meanwhile.run();
                throw new QueueAwayException("away, in a test");
            }
            calls += (bodies.size() + 9) / 10;
            List<Unsent> unsent = new ArrayList<>();
            for (int i = 0; i < bodies.size(); i++) {
                String job = job(bodies.get(i));
                boolean never = refused.contains(job);
                if (never || later.contains(job)) {
                    unsent.add(new Unsent(i, never, "in a test"));
                } else {
                    jobs.add(job);
                }
            }
            return unsent;
        }

        private String job(String body) {
            EnvelopeCodec.Decoded.Valid valid = (EnvelopeCodec.Decoded.Valid) codec.decode(body);
            return ((Message.JobEventHeard) valid.envelope().message()).jobId().toString();
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

    private static List<String> ids(int count) {
        Random random = new Random(1);
        return IntStream.range(0, count)
                .mapToObj(i -> JobId.at(1_800_000_000_000L + i, random).toString())
                .toList();
    }

    private void saw(String id) {
        observer.seen(id, new Message.JobEventHeard(JobId.parse(id).orElseThrow(), "uid"));
    }

    @Test
    void shouldSendAtOnceWhatComesAfterASilence() {
        List<String> ids = ids(1);
        saw(ids.getFirst());
        assertThat(observer.runOnce()).isEqualTo(Duration.ZERO);
        assertThat(queue.jobs).isEqualTo(ids);
        assertThat(observer.runOnce()).as("nothing is left").isGreaterThan(BETWEEN_CALLS);
    }

    @Test
    void shouldHoldBackWhatComesSoonAfterACallAndSendItTogether() {
        List<String> ids = ids(11);
        saw(ids.getFirst());
        observer.runOnce();
        ids.subList(1, 11).forEach(this::saw);
        machine.sleep(BETWEEN_CALLS.minusMillis(1));
        assertThat(observer.runOnce()).isEqualTo(Duration.ofMillis(1));
        assertThat(queue.calls).isEqualTo(1);
        machine.sleep(Duration.ofMillis(1));
        assertThat(observer.runOnce()).isEqualTo(Duration.ZERO);
        assertThat(queue.jobs).isEqualTo(ids);
        assertThat(queue.calls).isEqualTo(2);
    }

    @Test
    void shouldHoldNothingBackThatSomebodyWaitsFor() {
        List<String> ids = ids(3);
        saw(ids.getFirst());
        observer.runOnce();
        saw(ids.get(1));
        observer.hurry();
        observer.runOnce();
        assertThat(queue.jobs).isEqualTo(ids.subList(0, 2));
        saw(ids.get(2));
        assertThat(observer.runOnce()).as("the next one may wait again").isPositive();
        assertThat(queue.jobs).isEqualTo(ids.subList(0, 2));
    }

    @Test
    void shouldSendAHundredWithoutWaitingForMore() {
        List<String> ids = ids(101);
        saw(ids.getFirst());
        observer.runOnce();
        ids.subList(1, 100).forEach(this::saw);
        assertThat(observer.runOnce()).as("99 wait").isPositive();
        saw(ids.get(100));
        assertThat(observer.runOnce()).isEqualTo(Duration.ZERO);
        assertThat(queue.jobs).isEqualTo(ids);
    }

    @Test
    void shouldSendOfEachOnlyTheLatest() {
        List<String> ids = ids(2);
        observer.seen("same", new Message.JobEventHeard(JobId.parse(ids.get(0)).orElseThrow(), ""));
        observer.seen("same", new Message.JobEventHeard(JobId.parse(ids.get(1)).orElseThrow(), ""));
        observer.runOnce();
        assertThat(queue.jobs).containsExactly(ids.get(1));
    }

    @Test
    void shouldKeepEverythingWhileTheQueueIsAwayAndSendItOnce() {
        List<String> ids = ids(150);
        ids.forEach(this::saw);
        queue.away = true;
        for (int i = 0; i < 3; i++) {
            assertThat(observer.runOnce()).isEqualTo(Duration.ofSeconds(1));
            machine.sleep(Duration.ofSeconds(1));
        }
        queue.away = false;
        observer.runOnce();
        machine.sleep(BETWEEN_CALLS);
        observer.runOnce();
        assertThat(queue.jobs).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void shouldSendTheNewestOfWhatCameWhileACallFailed() {
        List<String> ids = ids(2);
        observer.seen("same", new Message.JobEventHeard(JobId.parse(ids.get(0)).orElseThrow(), ""));
        queue.away = true;
        queue.meanwhile =
                () ->
                        observer.seen(
                                "same",
                                new Message.JobEventHeard(
                                        JobId.parse(ids.get(1)).orElseThrow(), ""));
        observer.runOnce();
        queue.away = false;
        machine.sleep(BETWEEN_CALLS);
        observer.runOnce();
        assertThat(queue.jobs).containsExactly(ids.get(1));
    }

    @Test
    void shouldDropTheOldestWhereTheQueueIsAwayForTooLong() {
        List<String> ids = ids(20_010);
        queue.away = true;
        ids.forEach(this::saw);
        assertThat(observer.waiting().size()).isEqualTo(20_000);
        assertThat(observer.waiting().dropped()).isEqualTo(10);
        queue.away = false;
        for (int i = 0; i < 200; i++) {
            assertThat(observer.runOnce()).isEqualTo(Duration.ZERO);
        }
        assertThat(queue.jobs).isEqualTo(ids.subList(10, 20_010));
    }

    /** Finding P2: a text that the queue refuses stayed, and what came behind it stayed too. */
    @Test
    void shouldSendTheOthersOnceBesideOneThatTheQueueRefusesForEver() {
        List<String> ids = ids(51);
        queue.refused.add(ids.get(3));
        ids.forEach(this::saw);
        for (int i = 0; i < 5; i++) {
            observer.runOnce();
            machine.sleep(Duration.ofSeconds(1));
        }
        List<String> others = new ArrayList<>(ids);
        others.remove(3);
        assertThat(queue.jobs).containsExactlyInAnyOrderElementsOf(others);
        assertThat(observer.waiting().size()).as("it is dropped").isZero();
        assertThat(metrics.counter("windlass.messages.refused", "sender", "test").count())
                .as("once")
                .isEqualTo(1);
    }

    @Test
    void shouldSendAgainOnlyWhatWasNotSentAndNotByItsOwnFault() {
        List<String> ids = ids(30);
        queue.later.addAll(ids.subList(10, 20));
        ids.forEach(this::saw);
        assertThat(observer.runOnce()).isEqualTo(Duration.ofSeconds(1));
        assertThat(observer.waiting().size()).isEqualTo(10);
        queue.later.clear();
        machine.sleep(Duration.ofSeconds(1));
        observer.runOnce();
        assertThat(queue.jobs).as("none twice").containsExactlyInAnyOrderElementsOf(ids);
        assertThat(metrics.counter("windlass.messages.refused", "sender", "test").count()).isZero();
    }
}
