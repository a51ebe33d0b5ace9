package io.windlass.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.windlass.cluster.Cluster;
import io.windlass.cluster.ClusterSettings;
import io.windlass.job.Decider;
import io.windlass.job.Job;
import io.windlass.job.JobId;
import io.windlass.job.Progress;
import io.windlass.job.Rules;
import io.windlass.job.Surroundings;
import io.windlass.service.Machine;
import io.windlass.service.Tracing;
import io.windlass.store.Checks;
import io.windlass.store.DatabaseAwayException;
import io.windlass.store.Progressions;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** More is due than there are slots: whoever gives one back says so. */
class SweepSlotsTest {
    private static final int ROUNDS = 20;
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final AtomicInteger woken = new AtomicInteger();
    private final InterruptedException end = new InterruptedException("of a test");
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile boolean together;

    /** Its only check waits for the other, and then both end. */
    private final Machine machine =
            new Machine() {
                private final Machine real = new Machine.Real();

                @Override
                public void execute(Runnable work) {
                    // threads of their own: virtual ones may share one, and so never meet
                    Thread.ofPlatform().start(work);
                }

                @Override
                public void sleep(Duration length) throws InterruptedException {
                    waiting.incrementAndGet();
                    while (!together) {
                        Thread.onSpinWait();
                    }
                    throw end;
                }

                @Override
                public long nanoTime() {
                    return real.nanoTime();
                }

                @Override
                public UUID randomId() {
                    return real.randomId();
                }

                @Override
                public double chance() {
                    return real.chance();
                }
            };

    @Test
    void shouldGoOnWhereTheLastTwoChecksEndTogether() throws Exception {
        Sweep sweep = sweep();
        for (int round = 0; round < ROUNDS; round++) {
            woken.set(0);
            waiting.set(0);
            together = false;
            sweep.runOnce();
            assertThat(sweep.runOnce()).as("no slot is free").isPositive();
            while (waiting.get() < 2) {
                Thread.onSpinWait();
            }
            together = true;
            Awaitility.await()
                    .pollInterval(Duration.ofNanos(100_000))
                    .pollDelay(Duration.ZERO)
                    .until(() -> inFlight() == 0 && woken.get() > 0);
        }
    }

    private double inFlight() {
        return metrics.get("windlass.checks.in.flight").gauge().value();
    }

    private Sweep sweep() {
        Wakeups wakeups = new Wakeups();
        Cluster cluster = always(Cluster.class, "the one");
        Checks checks =
                always(Checks.class, new Checks.Lease(List.of(job(), job()), Instant.now(), true));
        Progressions away =
                new Progressions() {
                    @Override
                    public <T> T inTransaction(Work<T> work) {
                        throw new DatabaseAwayException("of a test", null, false);
                    }
                };
        Decider decider = new Decider(Rules.DEFAULT, UUID.randomUUID());
        ClusterSettings named = new ClusterSettings("local", null, null, List.of());
        ClusterGate gate =
                new ClusterGate(
                        cluster, (name, identity) -> identity, named, wakeups, null, metrics);
        gate.runOnce();
        wakeups.whenDue(woken::incrementAndGet);
        ChecksSettings settings =
                new ChecksSettings(
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(10),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(10),
                        Duration.ofMinutes(5),
                        Duration.ofMillis(250),
                        Duration.ofSeconds(30),
                        2,
                        Duration.ofSeconds(15),
                        Duration.ofMinutes(10));
        Hands hands = new Hands(cluster, checks, null, settings, machine, Tracing.OFF, metrics);
        return new Sweep(
                checks, away, decider, hands, cluster, gate, settings, named, wakeups, null,
                machine, metrics);
    }

    /** What it answers, whatever it is asked; numbers are 0. */
    private static <T> T always(Class<T> type, Object answer) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) ->
                                method.getReturnType() == int.class ? Integer.valueOf(0) : answer));
    }

    /** Not admitted yet: its check asks the database, and nobody else. */
    private static Job job() {
        return new Job(
                JobId.at(1_800_000_000_000L, new Random(7)),
                "local",
                "default",
                "one",
                "hash",
                0,
                1,
                null,
                false,
                Instant.now(),
                1,
                Progress.queued(),
                null,
                0,
                List.of(),
                Surroundings.NONE,
                false);
    }
}
