package io.windlass.cli;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Something that is told to the person in few lines, and ends the command. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private static final int FAILED = 1;
    private static final int CALLED_WRONGLY = 2;

    private final int code;
    private final int status;
    private final transient List<?> errors;

    Refusal(String message) {
        this(message, FAILED, 0, List.of());
    }

    private Refusal(String message, int code, int status, List<?> errors) {
        super(message, null, false, false);
        this.code = code;
        this.status = status;
        this.errors = errors;
    }

    /** What was given can never work, whatever the server is. */
    static Refusal wrongCall(String message) {
        return new Refusal(message, CALLED_WRONGLY, 0, List.of());
    }

    /**
     * As the server tells it.
     *
     * @param errors each with a pointer and a message
     */
    static Refusal ofServer(int status, String message, List<?> errors) {
        return new Refusal(message, FAILED, status, errors);
    }

    /** With which the program ends. */
    int code() {
        return code;
    }

    /** What HTTP calls it; 0 where it is not the server that refuses. */
    int status() {
        return status;
    }

    List<?> errors() {
        return errors;
    }

    /** The message names the first field that is wrong; where there are more, each has a line. */
    String told() {
        StringBuilder told = new StringBuilder(String.valueOf(getMessage()));
        if (errors.size() > 1) {
            for (Object error : errors) {
                told.append("\n  ").append(told(error));
            }
        }
        return told.toString();
    }

    private static String told(@Nullable Object error) {
        return error instanceof Map<?, ?> tree
                ? tree.get("pointer") + " " + tree.get("message")
                : String.valueOf(error);
    }
}
