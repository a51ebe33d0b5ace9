package io.windlass.cli;

import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The logs of a job from attempt to attempt, until it has ended. */
final class RunLogs {
    private final Server server;
    private final LogReader reader;
    private final String job;
    private final String chosen;
    private final String begin;

    RunLogs(Server server, LogReader reader, String job, String chosen, String begin) {
        this.server = server;
        this.reader = reader;
        this.job = job;
        this.chosen = chosen;
        this.begin = begin;
    }

    /** The job as it ended. */
    Map<String, @Nullable Object> follow() throws Refusal, IOException, InterruptedException {
        int attempt = Math.max(1, attemptNow());
        String from = begin;
        while (true) {
            try {
                reader.read(new LogReader.Wish(job, chosen + "&attempt=" + attempt, from, true));
            } catch (Refusal e) {
                Map<String, @Nullable Object> now = server.get(Server.job(job));
                if (now.get("finishedAt") != null) {
                    return now;
                }
                throw e;
            }
            attempt++;
            from = "";
        }
    }

    /** An attempt that is running is followed, whatever came before it. */
    private int attemptNow() throws Refusal {
        return Server.objects(server.get(Server.job(job) + "/pods"), "items").stream()
                .map(pod -> pod.get("attempt"))
                .filter(Number.class::isInstance)
                .mapToInt(nth -> ((Number) nth).intValue())
                .max()
                .orElse(1);
    }
}
