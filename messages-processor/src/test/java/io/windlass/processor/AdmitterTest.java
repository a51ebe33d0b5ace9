package io.windlass.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.windlass.cluster.Cluster;
import io.windlass.cluster.ClusterAwayException;
import io.windlass.cluster.ClusterSettings;
import io.windlass.job.Decider;
import io.windlass.job.Rules;
import io.windlass.service.Loops;
import io.windlass.store.Admissions;
import io.windlass.store.Progressions;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Nothing is admitted to a cluster in which nothing is done. */
class AdmitterTest {
    private final AtomicInteger rounds = new AtomicInteger();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final ClusterSettings named = new ClusterSettings("local", null, null, null);
    private Supplier<String> identity = () -> "known";

    private final ClusterGate gate =
            new ClusterGate(
                    (Cluster)
                            Proxy.newProxyInstance(
                                    getClass().getClassLoader(),
                                    new Class<?>[] {Cluster.class},
                                    (self, method, arguments) -> identity.get()),
                    (name, seen) -> "known",
                    named,
                    new Wakeups(),
                    new Loops(),
                    metrics);

    private final Progressions progressions =
            new Progressions() {
                @Override
                @SuppressWarnings("unchecked")
                public <T> T inTransaction(Work<T> work) {
                    rounds.incrementAndGet();
                    return (T) new Admissions.Round(0, false, 0);
                }
            };

    private final Admitter admitter =
            new Admitter(
                    new Admissions(progressions, new Decider(Rules.DEFAULT, UUID.randomUUID())),
                    new AdmissionSettings(10, 10, 10, 10, Duration.ofSeconds(1)),
                    gate,
                    named,
                    new Wakeups(),
                    new Loops(),
                    metrics);

    @Test
    void shouldAdmitOnlyWhileTheGateIsOpen() {
        assertThat(admitter.runOnce()).isEqualTo(Duration.ofSeconds(1));
        assertThat(rounds).as("no cluster has answered yet").hasValue(0);
        gate.runOnce();
        admitter.runOnce();
        assertThat(rounds).hasValue(1);
        identity = () -> "another";
        gate.runOnce();
        admitter.runOnce();
        assertThat(rounds).as("another cluster has the name").hasValue(1);
        identity =
                () -> {
                    throw new ClusterAwayException("away", Duration.ofSeconds(2), null);
                };
        gate.runOnce();
        admitter.runOnce();
        assertThat(rounds).hasValue(1);
    }
}
