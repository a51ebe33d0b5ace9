package io.windlass.standalone;

import java.io.IOException;
import java.util.List;

/**
 * A shell that outlives this JVM by a moment: when the pipe to it closes, whatever closed it, the
 * database is stopped.
 */
final class Watchdog implements AutoCloseable {
    private static final String SCRIPT =
            "trap '' INT TERM HUP; read -r word; [ \"$word\" = done ] || kill -INT \"$1\" 2>/dev/null";

    private final Process process;

    Watchdog(long pid) throws IOException {
        process =
                new ProcessBuilder(
                                List.of(
                                        "sh",
                                        "-c",
                                        SCRIPT,
                                        "windlass-watchdog",
                                        Long.toString(pid)))
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
    }

    /** The database has been stopped already. */
    @Override
    public void close() throws IOException {
        process.outputWriter().write("done\n");
        process.outputWriter().close();
    }
}
