package io.windlass.schedule;

import java.time.Instant;
import java.time.LocalDateTime;

/** An instant of a schedule, and the local time that it is for. */
public record Planned(Instant at, LocalDateTime local, Note note) {
    /** What the clocks did there. */
    public enum Note {
        NONE(""),
        SHIFTED(
                "this local time does not exist on that day: it runs when the clocks are put forward"),
        FIRST_OF_TWO("this local time comes twice on that day: it runs the first time");

        private final String text;

        Note(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }
}
