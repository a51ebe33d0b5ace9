package io.windlass.podscheduler;

/** How much is logged; to be said before the first line is. */
final class Verbosity {
    private static final String PREFIX = "org.slf4j.simpleLogger.";

    private Verbosity() {}

    static void set(int times) {
        System.setProperty(PREFIX + "showDateTime", "true");
        System.setProperty(PREFIX + "dateTimeFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSXXX");
        System.setProperty(PREFIX + "showThreadName", "false");
        System.setProperty(PREFIX + "showShortLogName", "true");
        System.setProperty(PREFIX + "defaultLogLevel", times > 1 ? "debug" : "warn");
        System.setProperty(PREFIX + "log.io.windlass", times > 0 ? "debug" : "info");
    }
}
