package io.windlass.cli;

import java.util.List;

/** Something that is told to the person in one line, and ends the command. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<?> errors;

    Refusal(String message) {
        this(message, List.of());
    }

    /**
     * As the server tells it.
     *
     * @param errors each with a pointer and a message
     */
    Refusal(String message, List<?> errors) {
        super(message, null, false, false);
        this.errors = errors;
    }

    List<?> errors() {
        return errors;
    }
}
