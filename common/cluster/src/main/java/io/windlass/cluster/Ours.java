package io.windlass.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.windlass.job.JobId;
import io.windlass.job.JobIdentity;
import java.util.Map;
import java.util.UUID;

/** The labels that everything of this installation carries: no selector goes without. */
public record Ours(UUID installation) {
    Map<String, String> all() {
        return Map.of(JobIdentity.INSTALLATION, installation.toString());
    }

    public Map<String, String> of(JobId jobId) {
        return Map.of(
                JobIdentity.INSTALLATION, installation.toString(),
                JobIdentity.JOB_ID, jobId.toString());
    }

    public boolean areOn(HasMetadata object, JobId jobId) {
        return SeenReader.labels(object).entrySet().containsAll(of(jobId).entrySet());
    }
}
