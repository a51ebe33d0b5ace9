package io.windlass.cluster;

import io.windlass.job.JobId;
import io.windlass.job.JobIdentity;
import java.util.Map;
import java.util.UUID;

/** The labels that everything of this installation carries: no selector goes without. */
public record Ours(UUID installation) {
    public Map<String, String> all() {
        return Map.of(JobIdentity.INSTALLATION, installation.toString());
    }

    public Map<String, String> of(JobId jobId) {
        return Map.of(
                JobIdentity.INSTALLATION, installation.toString(),
                JobIdentity.JOB_ID, jobId.toString());
    }
}
