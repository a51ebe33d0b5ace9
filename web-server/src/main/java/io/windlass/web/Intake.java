package io.windlass.web;

import io.windlass.job.FieldError;
import io.windlass.job.JobId;
import io.windlass.job.JobIdentity;
import io.windlass.job.JobManifest;
import io.windlass.job.JobSpec;
import io.windlass.job.JobSpecReader;
import io.windlass.job.JobSpecTree;
import io.windlass.job.PodObjections;
import io.windlass.job.PodPolicies;
import io.windlass.json.Json;
import io.windlass.json.Sha256;
import io.windlass.messages.Installation;
import io.windlass.service.Nudges;
import io.windlass.store.DatabaseAwayException;
import io.windlass.store.Jobs;
import io.windlass.store.NewJob;
import io.windlass.store.Submissions;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** From a tree to stored jobs: checks, makes ids, stores, nudges. */
@Singleton
final class Intake {
    private static final int LONGEST_KEY = 255;

    private final Submissions submissions;
    private final Nudges nudges;
    private final ApiSettings settings;
    private final PodPolicies policies;
    private final UUID installation;
    private final BatchPlaces places;
    private final SecureRandom random = new SecureRandom();
    private final InstantSource clock = InstantSource.system();

    Intake(
            Submissions submissions,
            Nudges nudges,
            ApiSettings settings,
            PodPolicies policies,
            Installation installation,
            BatchPlaces places) {
        this.places = places;
        this.submissions = submissions;
        this.nudges = nudges;
        this.settings = settings;
        this.policies = policies;
        this.installation = installation.id();
    }

    /** What else belongs to a submission than its body. */
    record Context(
            Caller caller,
            @Nullable String key,
            @Nullable String traceparent,
            @Nullable UUID rerunOf) {}

    NewJob prepare(@Nullable Object tree, Context context, Set<String> alsoKnown) {
        return prepare(tree, tree, context, alsoKnown, null);
    }

    /**
     * A run of a schedule that somebody asks for.
     *
     * @param received what came with the call: with the same key it makes the same job, whatever
     *     became of the schedule meanwhile
     */
    NewJob prepareRun(
            @Nullable Object tree, @Nullable Object received, Context context, UUID schedule) {
        try {
            return prepare(tree, received, context, Set.of(), new NewJob.Origin(schedule, null));
        } catch (ProblemException e) {
            throw e.under("/job");
        }
    }

    private NewJob prepare(
            @Nullable Object tree,
            @Nullable Object received,
            Context context,
            Set<String> alsoKnown,
            NewJob.@Nullable Origin origin) {
        JobSpec spec =
                switch (JobSpecReader.read(tree, settings.defaultCluster(), alsoKnown)) {
                    case JobSpecReader.Result.Read read -> read.spec();
                    case JobSpecReader.Result.Wrong wrong ->
                            throw ProblemException.invalid(wrong.errors());
                };
        check(spec, context.caller());
        String json = Json.canonical(JobSpecTree.of(spec));
        String key = context.key();
        return new NewJob(
                JobId.at(clock.millis(), random),
                spec,
                json,
                Sha256.of(json),
                context.caller().name(),
                context.traceparent(),
                context.rerunOf(),
                key == null
                        ? null
                        : new NewJob.IdempotencyKey(key(key), Sha256.of(Json.canonical(received))),
                origin);
    }

    private void check(JobSpec spec, Caller caller) {
        List<FieldError> objections = objections(spec, caller);
        if (!objections.isEmpty()) {
            throw ProblemException.invalid(objections);
        }
    }

    /** What the spec alone does not tell: what is configured, and what the caller may. */
    List<FieldError> objections(JobSpec spec, Caller caller) {
        if (!settings.clusters().contains(spec.cluster())) {
            return List.of(new FieldError("/cluster", "is not one of " + settings.clusters()));
        }
        if (spec.namespace().equals(policies.ownNamespace())) {
            return List.of(new FieldError("/namespace", "is Windlass's own: jobs go to others"));
        }
        if (!caller.may(spec.namespace())) {
            throw new ProblemException(
                    Problem.FORBIDDEN,
                    "jobs may not be submitted to namespace " + spec.namespace());
        }
        if (spec.completions() > settings.maxCompletions()) {
            return List.of(
                    new FieldError("/completions", "must be at most " + settings.maxCompletions()));
        }
        return PodObjections.to(spec, policies.of(spec.namespace()));
    }

    static String key(String key) {
        if (key.isBlank()
                || key.length() > LONGEST_KEY
                || !key.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            throw new ProblemException(
                    Problem.MALFORMED,
                    "an idempotency key is 1 to " + LONGEST_KEY + " visible ASCII characters");
        }
        return key;
    }

    /** As {@link #store}, in a place that batches share. */
    List<Optional<Submissions.Outcome>> storePortion(String call, List<NewJob> jobs) {
        return places.with(BatchPlaces.of(jobs, call), () -> store(jobs));
    }

    /** After the commit, or not at all; empty where the connection broke and nobody knows that. */
    List<Optional<Submissions.Outcome>> store(List<NewJob> jobs) {
        List<Optional<Submissions.Outcome>> outcomes = commit(jobs);
        jobs.stream()
                .map(job -> job.spec().cluster())
                .collect(Collectors.toSet())
                .forEach(cluster -> nudges.submitted(cluster, jobs.getFirst().traceparent()));
        return outcomes;
    }

    private List<Optional<Submissions.Outcome>> commit(List<NewJob> jobs) {
        try {
            return submissions.store(jobs).stream().map(Optional::of).toList();
        } catch (DatabaseAwayException e) {
            if (!e.outcomeUnknown()) {
                throw e;
            }
            return afterUnknownOutcome(jobs);
        }
    }

    /** They were stored together or not at all; each whose row is there was. */
    private List<Optional<Submissions.Outcome>> afterUnknownOutcome(List<NewJob> jobs) {
        Map<JobId, Instant> stored = storedAt(jobs.stream().map(NewJob::id).toList());
        return jobs.stream().map(job -> outcome(job.id(), stored.get(job.id()))).toList();
    }

    private static Optional<Submissions.Outcome> outcome(JobId id, @Nullable Instant storedAt) {
        return Optional.ofNullable(storedAt).map(at -> new Submissions.Outcome.Stored(id, at));
    }

    private Map<JobId, Instant> storedAt(List<JobId> ids) {
        try {
            return submissions.storedAt(ids);
        } catch (DatabaseAwayException e) {
            return Map.of();
        }
    }

    Map<String, @Nullable Object> manifest(NewJob job) {
        return manifest(job.spec(), job.id(), 1, job.specHash(), job.traceparent());
    }

    /** As it is made, or would be. */
    Map<String, @Nullable Object> manifest(Jobs.StoredJob job) {
        if (job.unreadable() != null) {
            throw JobAnswers.unreadable(job);
        }
        return switch (JobSpecReader.read(job.spec(), settings.defaultCluster())) {
            case JobSpecReader.Result.Read read ->
                    manifest(
                            read.spec(),
                            job.id(),
                            Math.max(1, job.progress().attempt()),
                            job.specHash(),
                            null);
            case JobSpecReader.Result.Wrong wrong -> throw ProblemException.invalid(wrong.errors());
        };
    }

    private Map<String, @Nullable Object> manifest(
            JobSpec spec, JobId id, int attempt, String specHash, @Nullable String traceparent) {
        return JobManifest.of(
                spec,
                new JobIdentity(installation, id, attempt, specHash),
                JobIdentity.kubernetesName(spec.name(), id, attempt),
                policies.of(spec.namespace()),
                traceparent);
    }
}
