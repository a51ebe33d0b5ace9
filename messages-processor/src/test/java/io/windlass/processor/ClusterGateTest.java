package io.windlass.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.windlass.cluster.Cluster;
import io.windlass.cluster.ClusterAwayException;
import io.windlass.cluster.ClusterSettings;
import io.windlass.service.Loops;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Nothing is done in a cluster that is not the known one. */
class ClusterGateTest {
    private Supplier<String> identity = () -> "known";

    private final Cluster cluster =
            (Cluster)
                    Proxy.newProxyInstance(
                            getClass().getClassLoader(),
                            new Class<?>[] {Cluster.class},
                            (self, method, arguments) -> identity.get());

    private final List<Optional<String>> told = new ArrayList<>();
    private @Nullable String known = "known";

    private final ClusterGate gate =
            new ClusterGate(
                    cluster,
                    (name, answered) -> {
                        told.add(Optional.ofNullable(answered));
                        return known;
                    },
                    new ClusterSettings("local", null, null, null),
                    new Wakeups(),
                    new Loops(),
                    new SimpleMeterRegistry());

    @Test
    void shouldBeOpenInTheKnownClusterOnly() {
        assertThat(gate.isOpen()).isFalse();
        gate.runOnce();
        assertThat(gate.isOpen()).isTrue();
        identity = () -> "another";
        gate.runOnce();
        assertThat(gate.isOpen()).isFalse();
    }

    @Test
    void shouldStayAsItIsWhileTheClusterDoesNotAnswer() {
        gate.runOnce();
        identity =
                () -> {
                    throw new ClusterAwayException("away", Duration.ofSeconds(2), null);
                };
        gate.runOnce();
        assertThat(gate.isOpen()).isTrue();
    }

    /** One that was restarted is the same; one that is away for longer may be another. */
    @Test
    void shouldBeShutWhereTheClusterDoesNotAnswerTwice() {
        gate.runOnce();
        identity =
                () -> {
                    throw new ClusterAwayException("away", Duration.ofSeconds(2), null);
                };
        assertThat(gate.runOnce()).as("asked again soon").isLessThan(Duration.ofSeconds(5));
        gate.runOnce();
        assertThat(gate.isOpen()).isFalse();
        assertThat(told)
                .as("each try is told")
                .containsExactly(Optional.of("known"), Optional.empty(), Optional.empty());
        identity = () -> "known";
        gate.runOnce();
        assertThat(gate.identity()).isEqualTo("known");
    }

    @Test
    void shouldBeShutForAClusterThatWasDeclaredLost() {
        gate.runOnce();
        known = null;
        identity =
                () -> {
                    throw new ClusterAwayException("away", Duration.ofSeconds(2), null);
                };
        gate.runOnce();
        assertThat(gate.isOpen()).as("while it does not answer").isFalse();
        identity = () -> "known";
        gate.runOnce();
        assertThat(gate.isOpen()).as("when it comes back").isFalse();
        identity = () -> "another";
        known = "another";
        gate.runOnce();
        assertThat(gate.identity()).as("the next one").isEqualTo("another");
    }

    /** Finding P11: something answers that there is no such namespace, and it is no cluster. */
    @Test
    void shouldBeShutWhereThereIsNoKubeSystem() {
        gate.runOnce();
        identity = () -> "";
        assertThat(gate.runOnce()).isLessThan(Duration.ofSeconds(5));
        assertThat(gate.isOpen()).isFalse();
    }
}
