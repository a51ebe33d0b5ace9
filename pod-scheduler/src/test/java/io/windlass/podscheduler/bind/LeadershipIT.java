package io.windlass.podscheduler.bind;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.podscheduler.Fleet;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** By real leases; only time is made up. */
@EnabledIf("io.windlass.testing.TestCluster#available")
class LeadershipIT {
    private static final Duration LENGTH = Duration.ofSeconds(15);

    private static Fleet fleet;

    private final String lease = "lease-" + UUID.randomUUID().toString().substring(0, 8);
    private long now;
    private final Leadership one = replica("one", Clock.systemUTC());
    private final Leadership other = replica("other", Clock.systemUTC());

    @BeforeAll
    static void begin() {
        fleet = new Fleet(0, "1");
    }

    @AfterAll
    static void end() {
        if (fleet != null) {
            fleet.close();
        }
    }

    private Leadership replica(String name, Clock clock) {
        return new Leadership(fleet.client, fleet.name, lease, name, LENGTH, clock, () -> now);
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    @Test
    void shouldLetOneLead() {
        assertThat(one.tend()).isTrue();
        assertThat(other.tend()).isFalse();
        assertThat(one.isLeading()).isTrue();
        assertThat(other.isLeading()).isFalse();
    }

    @Test
    void shouldStayTheSameWhileItIsRenewed() {
        one.tend();
        for (int i = 0; i < 10; i++) {
            pass(Duration.ofSeconds(5));
            one.tend();
            other.tend();
        }
        assertThat(one.isLeading()).isTrue();
        assertThat(other.isLeading()).isFalse();
    }

    @Test
    void shouldStopByItselfBeforeAnotherMayTakeOver() {
        one.tend();
        other.tend();
        pass(Duration.ofSeconds(11));
        assertThat(one.isLeading()).isFalse();
        other.tend();
        assertThat(other.isLeading()).isFalse();
        pass(Duration.ofSeconds(5));
        assertThat(other.tend()).isTrue();
        one.tend();
        assertThat(one.isLeading()).as("too late").isFalse();
        assertThat(fleet.client.leases().inNamespace(fleet.name).withName(lease).get().getSpec())
                .satisfies(spec -> {
                    assertThat(spec.getHolderIdentity()).isEqualTo("other");
                    assertThat(spec.getLeaseTransitions()).isEqualTo(1);
                });
    }

    @Test
    void shouldNotTakeOverBecauseClocksDiffer() {
        one.tend();
        Leadership ahead = replica("ahead", Clock.offset(Clock.systemUTC(), Duration.ofHours(1)));
        ahead.tend();
        pass(Duration.ofSeconds(5));
        ahead.tend();
        assertThat(ahead.isLeading()).isFalse();
        assertThat(one.isLeading()).isTrue();
    }

    @Test
    void shouldGiveItBackAtItsEnd() {
        one.tend();
        one.release();
        assertThat(one.isLeading()).isFalse();
        assertThat(other.tend()).isTrue();
    }
}
