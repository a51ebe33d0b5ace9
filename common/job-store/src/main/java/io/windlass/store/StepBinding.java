package io.windlass.store;

import io.windlass.job.CallTrouble;
import io.windlass.job.Desired;
import io.windlass.job.Evidence;
import io.windlass.job.Heard;
import io.windlass.job.JobId;
import io.windlass.job.JobState;
import io.windlass.job.PodRecord;
import io.windlass.job.Progress;
import io.windlass.job.WaitClass;
import io.windlass.job.Waiting;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * The values of a decision, under the names that the statements of {@link Progressions} give them.
 */
final class StepBinding {
    private StepBinding() {}

    /**
     * Of two decisions about one job the second was made from what the first had come to, and not
     * from its row.
     */
    static IdentityHashMap<Progressions.Step, Progress> read(
            List<Progressions.Step> steps,
            List<Progressions.Step> versions,
            List<Progressions.Step> nudges) {
        Set<Progressions.Step> written = Collections.newSetFromMap(new IdentityHashMap<>());
        written.addAll(versions);
        written.addAll(nudges);
        Map<JobId, Progress> rows = new HashMap<>();
        IdentityHashMap<Progressions.Step, Progress> read = new IdentityHashMap<>();
        for (Progressions.Step step : steps) {
            JobId id = step.job().id();
            read.put(step, rows.computeIfAbsent(id, i -> step.job().progress()));
            if (written.contains(step)) {
                rows.put(id, step.decision().next());
            }
        }
        return read;
    }

    /**
     * @param read the job as its row was when this transaction read it
     */
    static void check(PreparedBatch batch, Progressions.Step step, Progress read) {
        Progress next = step.decision().next();
        CallTrouble trouble = next.trouble();
        batch.bind("id", step.job().id().value())
                .bind("version", step.job().version())
                .bind("readCheck", Rows.time(read.nextCheckAt()))
                .bind("nextCheck", Rows.time(next.nextCheckAt()))
                .bind("readWanted", Rows.time(read.lookWantedAt()))
                .bind("nextWanted", Rows.time(next.lookWantedAt()))
                .bind("namespace", step.job().namespace())
                .bind("failedCalls", trouble == null ? null : Integer.valueOf(trouble.failures()))
                .bind("nextPost", trouble == null ? null : Rows.time(trouble.nextPostAt()));
    }

    static void write(PreparedBatch batch, Progressions.Step step, Progress read, Instant now) {
        check(batch, step, read);
        Progress next = step.decision().next();
        bindDesired(batch, next.desired());
        bindEvidence(batch, step, now);
        batch.bind("state", next.state().name())
                .bind("reason", next.reason())
                .bind("message", next.message())
                .bind("exitCode", next.exitCode())
                .bind("mayHaveRun", next.mayHaveRun())
                .bind("attempt", next.attempt())
                .bind("kubernetesName", next.kubernetesName())
                .bind("kubernetesUid", next.kubernetesUid())
                .bind("guard", next.guard())
                .bind("missingSince", Rows.time(next.missingSince()))
                .bind("deleteRequestedAt", Rows.time(next.deleteRequestedAt()))
                .bind("settled", next.settled())
                .bind("admittedAt", Rows.time(next.admittedAt()))
                .bind("jobSeenAt", Rows.time(next.jobSeenAt()))
                .bind("startedAt", Rows.time(next.startedAt()))
                .bind("finishedAt", Rows.time(next.finishedAt()))
                .bind("endingSince", Rows.time(next.marks().endingSince()))
                .bind("changedSince", Rows.time(next.marks().changedSince()))
                .bind("podsRemainSince", Rows.time(next.marks().podsRemainSince()))
                .bind("waiting", Rows.json(next.waiting()))
                .bind("waitsForRoomSince", Rows.time(waitsForRoomSince(next.waiting())));
    }

    private static void bindDesired(PreparedBatch batch, Desired desired) {
        String name =
                switch (desired) {
                    case Desired.Run run -> "RUN";
                    case Desired.Cancel cancel -> "CANCEL";
                    case Desired.Fail fail -> "FAIL";
                };
        Desired.Fail fail = desired instanceof Desired.Fail f ? f : null;
        batch.bind("desired", name)
                .bind("desiredReason", fail == null ? null : fail.reason())
                .bind("desiredMessage", fail == null ? null : fail.message());
    }

    private static void bindEvidence(PreparedBatch batch, Progressions.Step step, Instant now) {
        Evidence evidence = step.decision().evidence();
        if (evidence == null) {
            throw new IllegalArgumentException("a version without a line of history");
        }
        JobState from = step.job().state();
        batch.bind("now", Rows.time(now))
                .bind("fromState", from.name())
                .bind("eventReason", evidence.reason())
                .bind("eventMessage", evidence.message())
                .bind("source", evidence.source().name())
                .bind("kind", evidence.kind())
                .bind("name", evidence.name())
                .bind("uid", evidence.uid())
                .bind("resourceVersion", evidence.resourceVersion())
                .bind("raw", evidence.raw());
    }

    /** For room, or for whatever else no verdict puts an end to. */
    private static @Nullable Instant waitsForRoomSince(@Nullable Waiting waiting) {
        return waiting != null && waiting.verdictAt() == null ? waiting.since() : null;
    }

    static void pod(PreparedBatch batch, JobId jobId, PodRecord pod) {
        WaitClass waitClass = pod.waitClass();
        Heard heard = pod.heard();
        batch.bind("jobId", jobId.value())
                .bind("attempt", pod.attempt())
                .bind("uid", pod.uid())
                .bind("name", pod.name())
                .bind("guard", pod.guard())
                .bind("phase", pod.phase())
                .bind("node", pod.node())
                .bind("class", waitClass == null ? null : waitClass.name())
                .bind("cause", pod.cause())
                .bind("classSince", Rows.time(pod.classSince()))
                .bind("image", pod.image())
                .bind("heardClass", heard == null ? null : heard.waitClass().name())
                .bind("heardCount", heard == null ? null : Long.valueOf(heard.count()))
                .bind("heardAt", heard == null ? null : Rows.time(heard.at()))
                .bind("pulls", pod.pulls())
                .bind("startedAt", Rows.time(pod.startedAt()))
                .bind("exitCode", pod.exitCode())
                .bind("reason", pod.reason())
                .bind("message", pod.message())
                .bind("disrupted", pod.disrupted())
                .add();
    }
}
