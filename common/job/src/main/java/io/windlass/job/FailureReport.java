package io.windlass.job;

import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Why a Job that Kubernetes calls failed has failed, told from its condition and its pods. */
record FailureReport(Reason reason, String message, @Nullable Integer exitCode) {
    private static final Pattern EXIT_CODE_IN_TEXT = Pattern.compile("exit code (-?\\d{1,10})");

    static FailureReport of(Job job, JobSeen.Condition failed) {
        PodRecord pod = decisivePod(job.pods());
        Integer told = exitCodeIn(failed.message());
        // a pod that made room for others did not fail the job, though it too has a code
        boolean explains = pod != null && pod.exitCode() != null && !pod.disrupted();
        Integer code = pod == null || (!explains && told != null) ? told : pod.exitCode();
        Reason reason = reason(job, failed, pod, code);
        return new FailureReport(
                reason, message(reason, job, failed, pod), explainedByCode(reason) ? code : null);
    }

    /** The code of a program that we killed, or that never ran, explains nothing. */
    private static boolean explainedByCode(Reason reason) {
        return reason != Reason.CONTAINER_CANNOT_START && reason != Reason.DEADLINE_EXCEEDED;
    }

    private static Reason reason(
            Job job, JobSeen.Condition failed, @Nullable PodRecord pod, @Nullable Integer code) {
        String why = pod == null || pod.reason() == null ? "" : pod.reason();
        if (failed.reason().equals("DeadlineExceeded")) {
            return Reason.DEADLINE_EXCEEDED;
        }
        if (why.equals("OOMKilled")) {
            return Reason.OOM_KILLED;
        }
        if (why.equals("StartError") || why.equals("ContainerCannotRun")) {
            return Reason.CONTAINER_CANNOT_START;
        }
        if (job.maxRetries() > 0) {
            return Reason.BACKOFF_LIMIT_EXCEEDED;
        }
        return code == null ? Reason.EVICTED : Reason.EXIT_CODE;
    }

    private static String message(
            Reason reason, Job job, JobSeen.Condition failed, @Nullable PodRecord pod) {
        if (reason == Reason.DEADLINE_EXCEEDED && job.progress().startedAt() == null) {
            Waiting waiting = job.progress().waiting();
            return BoundedText.of(
                    "it had not started when its timeout ran out"
                            + (waiting == null ? "" : "; " + waiting.message()));
        }
        if (reason == Reason.DEADLINE_EXCEEDED) {
            return "it ran longer than its timeout";
        }
        String own = pod == null || pod.message() == null ? "" : pod.message().strip();
        return BoundedText.of(own.isEmpty() ? failed.message() : own);
    }

    /** The last that failed by itself; a disruption explains only where nothing else does. */
    private static @Nullable PodRecord decisivePod(List<PodRecord> pods) {
        return pods.stream()
                .filter(p ->
                        p.phase().equals("Failed") || (p.exitCode() != null && p.exitCode() != 0))
                .max(
                        Comparator.comparing((PodRecord p) -> !p.disrupted())
                                .thenComparing(p -> p.exitCode() != null)
                                .thenComparingLong(PodRecord::guard))
                .orElse(null);
    }

    private static @Nullable Integer exitCodeIn(String text) {
        Matcher matcher = EXIT_CODE_IN_TEXT.matcher(text);
        if (!matcher.find()) {
            return null;
        }
        long code = Long.parseLong(matcher.group(1));
        return code == (int) code ? Integer.valueOf((int) code) : null;
    }
}
