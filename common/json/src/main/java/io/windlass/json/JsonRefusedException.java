package io.windlass.json;

import java.util.List;

/** It is JSON, but holds more than its bounds allow, or what nobody can store. */
public final class JsonRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What is wrong with the value at a JSON pointer. */
    public record Refused(String pointer, String message) {}

    private final transient List<Refused> refused;

    JsonRefusedException(List<Refused> refused) {
        super(refused.toString(), null, false, false);
        this.refused = List.copyOf(refused);
    }

    /** In the order of the text; at least one, and not all where there are many. */
    public List<Refused> refused() {
        return refused;
    }
}
