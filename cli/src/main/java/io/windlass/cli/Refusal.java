package io.windlass.cli;

/** Something that is told to the person in one line, and ends the command. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    Refusal(String message) {
        super(message, null, false, false);
    }
}
