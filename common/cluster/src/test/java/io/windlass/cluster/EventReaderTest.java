package io.windlass.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.windlass.job.EventSeen;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which of an object's events are believed. */
class EventReaderTest {
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

    private static Event event(String reason, int minutesAgo) {
        return new EventBuilder()
                .withNewMetadata()
                .withUid(reason + minutesAgo)
                .endMetadata()
                .withReason(reason)
                .withMessage("m")
                .withLastTimestamp(NOW.minusSeconds(60L * minutesAgo).toString())
                .build();
    }

    private static List<String> read(List<Event> events) {
        return EventReader.read(events).stream().map(EventSeen::reason).toList();
    }

    @Test
    void shouldLeaveOutWhatIsOldBesideTheNewest() {
        assertThat(read(List.of(event("FailedMount", 7), event("FailedScheduling", 0))))
                .containsExactly("FailedScheduling");
    }

    /** Finding P48: it is said once, and a node takes longer than others are believed. */
    @Test
    void shouldKeepThatANodeComesHoweverManyHaveComeSince() {
        List<Event> events = new ArrayList<>();
        events.add(event("TriggeredScaleUp", 14));
        events.add(event("Nominated", 13));
        for (int i = 0; i < 5; i++) {
            events.add(event("FailedScheduling", i));
        }
        assertThat(read(events)).hasSize(6).endsWith("FailedScheduling", "Nominated");
        for (int i = 0; i < 20; i++) {
            events.add(event("FailedMount" + i, 0));
        }
        assertThat(read(events)).hasSize(10).endsWith("Nominated");
    }

    @Test
    void shouldKeepItInItsPlaceWhereItIsNew() {
        assertThat(read(List.of(event("TriggeredScaleUp", 1), event("FailedScheduling", 0))))
                .containsExactly("FailedScheduling", "TriggeredScaleUp");
    }
}
