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

    Map<String, @Nullable Object> of(Job job, boolean suspended) {
        Checks.StoredSpec stored = checks.spec(job.id());
        JobSpec spec = spec(job, stored);
        JobIdentity identity =
                new JobIdentity(installation, job.id(), job.progress().attempt(), job.specHash());
        String name = Objects.requireNonNull(job.progress().kubernetesName());
        PodPolicy policy = policies.of(spec.namespace());
        return suspended
                ? JobManifest.suspended(spec, identity, name, policy, stored.traceparent())
                : JobManifest.of(spec, identity, name, policy, stored.traceparent());
    }

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
