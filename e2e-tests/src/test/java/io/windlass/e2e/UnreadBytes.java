package io.windlass.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What was sent to a port of this machine and nobody has read yet, as the Linux kernel counts. */
final class UnreadBytes {
    private static final List<Path> TABLES =
            List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
    private static final String LISTENS = "0A";

    private UnreadBytes() {}

    static long at(int port) throws IOException {
        long unread = 0;
        for (Path table : TABLES) {
            for (String line : Files.readAllLines(table)) {
                unread += of(line.strip().split("\\s+"), port);
            }
        }
        return unread;
    }

    /** Fields: number, local address, remote address, state, bytes not sent and not read. */
    private static long of(String[] fields, int port) {
        boolean here = fields[1].endsWith(":%04X".formatted(port)) && !fields[3].equals(LISTENS);
        return here ? Long.parseLong(fields[4].substring(fields[4].indexOf(':') + 1), 16) : 0;
    }
}
