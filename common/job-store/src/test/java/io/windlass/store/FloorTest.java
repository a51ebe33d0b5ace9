package io.windlass.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class FloorTest {
    private static final Instant NOON = Instant.parse("2027-01-01T12:00:00Z");
    private final Floor floor = new Floor(Duration.ofSeconds(10));

    @Test
    void shouldBeginWithTheWhole() {
        assertThat(floor.at(NOON)).isEqualTo(Instant.EPOCH);
    }

    @Test
    void shouldLeaveRoomForTransactionsThatHadBegunThen() {
        floor.walked(Instant.EPOCH, NOON);
        assertThat(floor.at(NOON.plusSeconds(1))).isEqualTo(NOON.minusSeconds(11));
        floor.walked(NOON.minusSeconds(11), NOON.plusSeconds(2));
        assertThat(floor.at(NOON.plusSeconds(3))).isEqualTo(NOON.minusSeconds(9));
    }

    @Test
    void shouldWalkThroughAllNowAndThen() {
        floor.walked(Instant.EPOCH, NOON);
        floor.walked(NOON.minusSeconds(11), NOON.plusSeconds(9));
        assertThat(floor.at(NOON.plusSeconds(11))).isEqualTo(Instant.EPOCH);
    }

    @Test
    void shouldWalkThroughAllWhereTheClockWentBack() {
        floor.walked(Instant.EPOCH, NOON);
        assertThat(floor.at(NOON.minusSeconds(60))).isEqualTo(Instant.EPOCH);
    }
}
