package io.windlass.cli;

import java.util.Map;

/** States in colour, where somebody looks at a terminal. */
enum Colours {
    NONE,
    STATES;

    private static final String RED = "31";
    private static final String GREEN = "32";
    private static final String YELLOW = "33";
    private static final String BLUE = "34";
    private static final String GREY = "90";

    static Colours ofThisTerminal() {
        return suit(Terminal.isHere(), System.getenv()) ? STATES : NONE;
    }

    /** By the habits of other programs: NO_COLOR, and a terminal that can. */
    static boolean suit(boolean terminal, Map<String, String> environment) {
        return terminal
                && environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "").equals("dumb");
    }

    /** With what turns it on and off; as it is where it is no state. */
    String of(String text) {
        String code =
                switch (text) {
                    case "FAILED" -> RED;
                    case "SUCCEEDED" -> GREEN;
                    case "STARTING", "QUEUED" -> YELLOW;
                    case "RUNNING" -> BLUE;
                    case "CANCELLED" -> GREY;
                    default -> "";
                };
        return this == NONE || code.isEmpty() ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
    }
}
