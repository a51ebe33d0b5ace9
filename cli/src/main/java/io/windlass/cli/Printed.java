package io.windlass.cli;

import java.io.PrintWriter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A job on the terminal, for people. */
final class Printed {
    private Printed() {}

    static void job(PrintWriter out, Map<String, @Nullable Object> job) {
        line(out, "id", job.get("id"));
        line(out, "name", job.get("namespace") + "/" + job.get("name"));
        line(out, "state", job.get("state"));
        line(out, "reason", job.get("reason"));
        line(out, "exit code", job.get("exitCode"));
        line(out, "message", job.get("message"));
        if (job.get("waiting") instanceof Map<?, ?> waiting) {
            line(out, "waiting", waiting.get("class") + ": " + waiting.get("message"));
            line(out, "verdict at", waiting.get("verdictAt"));
        }
        line(out, "submitted", job.get("submittedAt"));
        line(out, "started", job.get("startedAt"));
        line(out, "finished", job.get("finishedAt"));
        out.flush();
    }

    private static void line(PrintWriter out, String name, @Nullable Object value) {
        if (value != null) {
            out.printf("%-11s %s%n", name + ":", Visible.of(value));
        }
    }

    /** 0 where it succeeded or has not ended, else 1: scripts go by it. */
    static int exitCode(Map<String, @Nullable Object> job) {
        return "FAILED".equals(job.get("state")) || "CANCELLED".equals(job.get("state")) ? 1 : 0;
    }
}
