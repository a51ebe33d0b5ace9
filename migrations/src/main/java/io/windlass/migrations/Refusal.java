package io.windlass.migrations;

import java.util.List;

/** Nothing was done, for reasons that whoever installs Windlass can do something about. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient List<String> lines;

    Refusal(List<String> lines) {
        super(String.join("; ", lines));
        this.lines = List.copyOf(lines);
    }

    Refusal(String line) {
        this(List.of(line));
    }

    /** One for each reason. */
    List<String> lines() {
        return lines;
    }
}
