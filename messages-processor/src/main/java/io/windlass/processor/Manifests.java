package io.windlass.processor;

import io.windlass.job.Job;
import io.windlass.job.JobIdentity;
import io.windlass.job.JobManifest;
import io.windlass.job.JobSpec;
import io.windlass.job.JobSpecReader;
import io.windlass.job.PodPolicies;
import io.windlass.job.PodPolicy;
import io.windlass.messages.Installation;
import io.windlass.store.Checks;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The Kubernetes Job of a stored job. */
@Singleton
public final class Manifests {
    private final Checks checks;
    private final UUID installation;
    private final PodPolicies policies;

    public Manifests(Checks checks, Installation installation, PodPolicies policies) {
        this.checks = checks;
        this.installation = installation.id();
        this.policies = policies;
    }

    /** What was stored is no JSON that anybody reads. */
    static final class UnreadableException extends Exception {
        private static final long serialVersionUID = 1L;

        UnreadableException(String why) {
            super("the stored spec cannot be read: " + why, null, false, false);
        }
    }

    Map<String, @Nullable Object> of(Job job, boolean suspended) throws UnreadableException {
        Checks.StoredSpec stored = stored(job);
        JobSpec spec = spec(job, stored);
        JobIdentity identity =
                new JobIdentity(installation, job.id(), job.progress().attempt(), job.specHash());
        String name = Objects.requireNonNull(job.progress().kubernetesName());
        PodPolicy policy = policies.of(spec.namespace());
        return suspended
                ? JobManifest.suspended(spec, identity, name, policy, stored.traceparent())
                : JobManifest.of(spec, identity, name, policy, stored.traceparent());
    }

    private Checks.StoredSpec stored(Job job) throws UnreadableException {
        try {
            return checks.spec(job.id());
        } catch (IllegalArgumentException e) {
            throw new UnreadableException(String.valueOf(e.getMessage()));
        }
    }

    /** What this version does not know, another beside it may: that is no reason to give up. */
    private static JobSpec spec(Job job, Checks.StoredSpec stored) {
        return switch (JobSpecReader.read(stored.tree(), job.cluster())) {
            case JobSpecReader.Result.Read read -> read.spec();
            case JobSpecReader.Result.Wrong wrong ->
                    throw new IllegalStateException(
                            "job %s: its stored spec cannot be read: %s"
                                    .formatted(job.id(), wrong.errors()));
        };
    }
}
