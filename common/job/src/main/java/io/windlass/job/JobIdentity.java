package io.windlass.job;

import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who an object in a cluster belongs to: what makes it provably ours. */
public record JobIdentity(UUID installation, JobId jobId, int attempt, String specHash) {
    public static final String INSTALLATION = "windlass.io/installation";
    public static final String JOB_ID = "windlass.io/job-id";
    public static final String ATTEMPT = "windlass.io/attempt";
    public static final String SPEC_HASH = "windlass.io/spec-hash";
    public static final String TRACEPARENT = "windlass.io/traceparent";
    public static final String MANAGED_BY = "app.kubernetes.io/managed-by";
    private static final int NAME_PART = 25;
    private static final Pattern NAME = Pattern.compile(".*-([a-z0-9]{26})-[0-9]{1,9}");

    /** Fixed before the first call, so that a second creator meets the first one's Job. */
    public static String kubernetesName(String jobName, JobId id, int attempt) {
        String head = jobName.substring(0, Math.min(NAME_PART, jobName.length()));
        int end = head.length();
        while (end > 0 && head.charAt(end - 1) == '-') {
            end--;
        }
        return (head.substring(0, end) + "-" + id.base32() + "-" + attempt)
                .toLowerCase(Locale.ROOT);
    }

    /** Whose a Job may be, by its name alone; that it is ours is not proven by that. */
    public static Optional<JobId> jobId(String kubernetesName) {
        Matcher name = NAME.matcher(kubernetesName);
        return name.matches() ? JobId.parseBase32(name.group(1)) : Optional.empty();
    }
}
