package io.windlass.cli;

import java.io.Console;
import java.util.Locale;
import java.util.Optional;

/** Whether somebody sits there, and what they say. */
final class Terminal {
    private Terminal() {}

    static boolean isHere() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    }

    /** Only y and yes are a yes. */
    static boolean agrees(String question) throws Refusal {
        Console console = System.console();
        if (console == null || !console.isTerminal()) {
            throw Refusal.wrongCall("there is no terminal to ask on: say --yes, or --dry-run");
        }
        String answer = console.readLine("%s [y/N] ", question);
        return answer != null
                && (answer.strip().toLowerCase(Locale.ROOT).equals("y")
                        || answer.strip().toLowerCase(Locale.ROOT).equals("yes"));
    }
}
