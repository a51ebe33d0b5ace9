package io.windlass.job;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A row of a table of signals: one of these reasons, with this in its text, means that. */
record Signal(Set<String> reasons, @Nullable Pattern text, WaitClass means) {
    static Signal row(Set<String> reasons, String text, WaitClass means) {
        return new Signal(reasons, Pattern.compile(text), means);
    }

    static Signal row(Set<String> reasons, WaitClass means) {
        return new Signal(reasons, null, means);
    }

    /** By the first row that fits; the text is in lower case. */
    static Optional<WaitClass> meaning(List<Signal> table, String reason, String text) {
        return table.stream().filter(row -> row.fits(reason, text)).map(Signal::means).findFirst();
    }

    private boolean fits(String reason, String message) {
        return reasons.contains(reason) && (text == null || text.matcher(message).find());
    }
}
