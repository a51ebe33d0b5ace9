package io.windlass.job;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Jobs and what is seen of them, with everything irrelevant filled in. */
final class Fixtures {
    static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    static final UUID INSTALLATION = UUID.fromString("11111111-2222-4333-8444-555555555555");
    static final JobId ID = new JobId(UUID.fromString("01a1fc33-67c6-7ed5-b209-32711367a265"));
    static final String HASH = "hash-of-the-stored-spec";
    static final String UID = "uid-of-our-job";
    static final String NAME = JobIdentity.kubernetesName("report", ID, 1);
    static final Decider DECIDER = new Decider(Rules.DEFAULT, INSTALLATION);

    private Fixtures() {}

    static Decision decide(Job job, Input input) {
        return DECIDER.decide(job, input, NOW);
    }

    static Job queued() {
        return job(Progress.queued(), null, 0);
    }

    static Job job(Progress progress, Claim claim, int takeovers, PodRecord... pods) {
        return new Job(
                ID,
                "local",
                "default",
                "report",
                HASH,
                0,
                1,
                null,
                false,
                NOW.minusSeconds(60),
                7,
                progress,
                claim,
                takeovers,
                List.of(pods),
                Surroundings.NONE,
                false);
    }

    static Job job(Progress progress, PodRecord... pods) {
        return job(progress, null, 0, pods);
    }

    static Job inState(JobState state) {
        return switch (state) {
            case QUEUED -> queued();
            case STARTING -> job(starting());
            case RUNNING -> job(progress(JobState.RUNNING, new Desired.Run(), UID));
            case SUCCEEDED, FAILED, CANCELLED -> job(ended(state));
        };
    }

    static Progress admitted(Instant at) {
        return progress(JobState.STARTING, new Desired.Run(), UID, at);
    }

    static Progress starting() {
        return progress(JobState.STARTING, new Desired.Run(), UID);
    }

    static Progress progress(JobState state, Desired desired, String uid) {
        return progress(state, desired, uid, NOW.minusSeconds(50));
    }

    static Progress progress(JobState state, Desired desired, String uid, Instant admittedAt) {
        return new Progress(
                state,
                desired,
                null,
                null,
                null,
                null,
                1,
                NAME,
                uid,
                10,
                null,
                null,
                false,
                admittedAt,
                uid == null ? null : admittedAt,
                null,
                null,
                null,
                NOW.plusSeconds(30),
                null,
                Marks.NONE,
                null);
    }

    static Progress ended(JobState state) {
        return new Progress(
                state,
                new Desired.Run(),
                state == JobState.FAILED ? "EXIT_CODE" : null,
                null,
                null,
                true,
                1,
                NAME,
                UID,
                10,
                null,
                null,
                false,
                NOW.minusSeconds(50),
                NOW.minusSeconds(49),
                NOW.minusSeconds(40),
                NOW.minusSeconds(5),
                null,
                NOW.plusSeconds(30),
                null,
                Marks.NONE,
                null);
    }

    static JobSeen seen(String uid, JobSeen.Condition... conditions) {
        return seen(uid, 20, null, conditions);
    }

    static JobSeen seen(
            String uid, long guard, Instant deletionAt, JobSeen.Condition... conditions) {
        return new JobSeen(
                "default",
                NAME,
                uid,
                guard,
                new JobSeen.Owner(INSTALLATION.toString(), ID.toString(), 1, HASH),
                deletionAt,
                List.of(conditions));
    }

    static JobSeen strangers(String uid) {
        return new JobSeen("default", NAME, uid, 20, null, null, List.of());
    }

    static JobSeen.Condition condition(String type, String reason) {
        return new JobSeen.Condition(type, true, reason, "of " + type, NOW.minusSeconds(1));
    }

    static PodSeen pod(long guard, String phase, PodSeen.ContainerSeen container) {
        return pod("uid-of-pod", guard, phase, container);
    }

    static final PodSeen.Owner OWNER = new PodSeen.Owner("default", UID);

    static PodSeen pod(String uid, long guard, String phase, PodSeen.ContainerSeen... containers) {
        return new PodSeen(
                "report-pod",
                uid,
                guard,
                1,
                phase,
                "",
                "",
                "node-1",
                null,
                false,
                null,
                false,
                PodSeen.Told.NOTHING,
                List.of(containers),
                OWNER);
    }

    static PodSeen.ContainerSeen waiting(String reason, String message) {
        return new PodSeen.ContainerSeen(
                "main",
                "127.0.0.1:5001/app:v429",
                new PodSeen.Waiting(reason, message),
                null,
                null);
    }

    static PodSeen.ContainerSeen running() {
        return new PodSeen.ContainerSeen("main", "app", null, NOW.minusSeconds(2), null);
    }

    static PodSeen.ContainerSeen exited(int code, String reason, String message) {
        return new PodSeen.ContainerSeen(
                "main", "app", null, NOW.minusSeconds(9), new PodSeen.Ended(code, reason, message));
    }

    static PodRecord known(WaitClass waitClass, Duration ago, int pulls) {
        return new PodRecord(
                "uid-of-pod",
                1,
                "report-pod",
                5,
                "Pending",
                "node-1",
                waitClass,
                "the first cause",
                NOW.minus(ago),
                null,
                null,
                pulls,
                null,
                null,
                null,
                null,
                false);
    }

    static Look look(JobSeen job, PodSeen... pods) {
        return new Look(job, List.of(pods));
    }
}
