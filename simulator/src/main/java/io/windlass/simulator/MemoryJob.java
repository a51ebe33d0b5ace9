package io.windlass.simulator;

import io.windlass.job.JobId;
import io.windlass.job.JobSeen;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A Job of the memory cluster, with its pods. */
final class MemoryJob {
    final String namespace;
    final String name;
    final String uid;
    final JobSeen.@Nullable Owner owner;
    final Script script;
    final Instant madeAt;
    final List<MemoryPod> pods = new ArrayList<>();
    final List<JobSeen.Condition> conditions = new ArrayList<>();
    long guard;
    boolean suspended;
    boolean unmarked;
    @Nullable Instant deletionAt;
    int failures;
    boolean succeeded;
    boolean failedForGood;

    MemoryJob(
            String namespace,
            String name,
            String uid,
            JobSeen.@Nullable Owner owner,
            Script script,
            boolean suspended,
            Instant madeAt) {
        this.namespace = namespace;
        this.name = name;
        this.uid = uid;
        this.owner = owner;
        this.script = script;
        this.suspended = suspended;
        this.madeAt = madeAt;
    }

    MemoryJob copy() {
        MemoryJob copy = new MemoryJob(namespace, name, uid, owner, script, suspended, madeAt);
        pods.forEach(pod -> copy.pods.add(pod.copy()));
        copy.conditions.addAll(conditions);
        copy.unmarked = unmarked;
        copy.guard = guard;
        copy.deletionAt = deletionAt;
        copy.failures = failures;
        copy.succeeded = succeeded;
        copy.failedForGood = failedForGood;
        return copy;
    }

    Optional<JobId> jobId() {
        return owner == null ? Optional.empty() : JobId.parse(owner.jobId());
    }

    boolean has(String condition) {
        return conditions.stream().anyMatch(c -> c.type().equals(condition));
    }

    boolean finished() {
        return has("Complete") || has("Failed");
    }

    boolean isPastItsDeadline(Instant now) {
        return script.deadline().map(madeAt::plus).filter(at -> !at.isAfter(now)).isPresent();
    }

    JobSeen seen() {
        return new JobSeen(
                namespace,
                name,
                uid,
                guard,
                unmarked ? null : owner,
                deletionAt,
                List.copyOf(conditions));
    }
}
