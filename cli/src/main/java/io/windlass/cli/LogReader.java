package io.windlass.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log byte for byte, and goes on where it was cut off: it knows how many bytes it has. What
 * is not kept is told apart from the log.
 */
final class LogReader {
    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final int MOST_FAILURES = 30;

    private final Server server;
    private final OutputStream out;
    private final PrintWriter err;

    LogReader(Server server, OutputStream out, PrintWriter err) {
        this.server = server;
        this.out = out;
        this.err = err;
    }

    /**
     * Which log, and how.
     *
     * @param more what chooses it, as the rest of a query, each with a leading {@code &}
     * @param begin where to begin, used once
     */
    record Wish(String job, String more, String begin, boolean follow) {}

    /** Until its end; without following, as far as it goes. */
    void read(Wish wish) throws Refusal, IOException, InterruptedException {
        String begin = wish.begin();
        long offset = -1;
        int failures = 0;
        while (true) {
            try {
                HttpResponse<InputStream> answer =
                        server.stream(
                                Server.job(wish.job())
                                        + "/logs?raw=true&follow="
                                        + wish.follow()
                                        + wish.more()
                                        + (offset < 0 ? begin : "&offset=" + offset));
                long start = number(answer.headers(), "Windlass-Log-Offset", Math.max(0, offset));
                long bytes = number(answer.headers(), "Windlass-Log-Bytes", Long.MAX_VALUE);
                tellGap(offset, start);
                offset = start;
                try (InputStream body = answer.body()) {
                    byte[] buffer = new byte[64 << 10];
                    int n;
                    while ((n = body.read(buffer)) >= 0) {
                        out.write(buffer, 0, n);
                        out.flush();
                        offset += n;
                        failures = 0;
                    }
                }
                if (offset >= bytes && (isClosed(answer.headers()) || !wish.follow())) {
                    return;
                }
            } catch (IOException e) {
                if (offset < 0 && e instanceof ConnectException) {
                    throw server.noAnswer(e);
                }
                if (++failures > MOST_FAILURES) {
                    throw new Refusal(
                            "cut off after byte "
                                    + offset
                                    + ": "
                                    + Why.ofConnection(e)
                                    + "; go on with --offset "
                                    + offset);
                }
                Thread.sleep(AGAIN);
            }
        }
    }

    private void tellGap(long have, long start) {
        if (have >= 0 && start > have) {
            err.println("windlass: " + (start - have) + " bytes of this log are not kept");
            err.flush();
        }
    }

    private static boolean isClosed(HttpHeaders headers) {
        return headers.firstValue("Windlass-Log-Closed").map(Boolean::parseBoolean).orElse(false);
    }

    private long number(HttpHeaders headers, String name, long otherwise) throws Refusal {
        @Nullable String text = headers.firstValue(name).orElse(null);
        if (text != null && !text.matches("\\d{1,18}")) {
            throw server.notWindlass(name + ": " + text);
        }
        return text == null ? otherwise : Long.parseLong(text);
    }
}
