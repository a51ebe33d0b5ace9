package io.windlass.cli;

import java.io.Console;
import java.util.Optional;
import java.util.Set;

/** Whether somebody sits there, and what they say. */
final class Terminal {
    private static final Set<String> AGREED = Set.of("y", "Y", "yes", "Yes", "YES");

    private Terminal() {}

    private static Optional<Console> console() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal);
    }

    static boolean isHere() {
        return console().isPresent();
    }

    /** Only y and yes are a yes; to end the input is none. */
    static boolean agrees(String question) throws Refusal {
        Console console =
                console()
                        .orElseThrow(() ->
                                Refusal.wrongCall(
                                        "there is no terminal to ask on: say --yes, or --dry-run"));
        return Optional.ofNullable(console.readLine("%s [y/N] ", question))
                .map(String::strip)
                .filter(AGREED::contains)
                .isPresent();
    }
}
