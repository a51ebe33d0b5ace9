package io.windlass.web;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.windlass.job.BoundedText;
import io.windlass.job.JobId;
import io.windlass.json.Json;
import io.windlass.store.Jobs;
import io.windlass.store.NewJob;
import io.windlass.store.Submissions;
import jakarta.inject.Singleton;
import java.util.List;

/** What a call is answered that submits a job, or shows one. */
@Singleton
final class JobAnswers {
    private final Intake intake;
    private final Jobs jobs;

    JobAnswers(Intake intake, Jobs jobs) {
        this.intake = intake;
        this.jobs = jobs;
    }

    /** Those of other namespaces are not there for whoever may not see them. */
    Jobs.StoredJob visible(HttpRequest<?> request, String id) {
        Caller caller = Callers.of(request);
        return JobId.parse(id)
                .flatMap(jobs::find)
                .filter(job -> caller.may(job.namespace()))
                .orElseThrow(() ->
                        new ProblemException(
                                Problem.JOB_NOT_FOUND,
                                "there is no job " + BoundedText.of(id, 64)));
    }

    /** Stores it first. */
    HttpResponse<?> submitted(NewJob job) {
        return switch (intake.store(List.of(job)).getFirst().orElseThrow(() -> unknown(job.id()))) {
            case Submissions.Outcome.Stored stored ->
                    located(HttpStatus.ACCEPTED, Jobs.StoredJob.justStored(job, stored.at()));
            case Submissions.Outcome.SameAsBefore same ->
                    located(
                            HttpStatus.OK,
                            jobs.find(same.id()).orElseThrow(() -> deleted(same.id())));
            case Submissions.Outcome.KeyUsedOtherwise other -> throw keyUsed(other.id());
        };
    }

    static ProblemException unknown(JobId id) {
        return new ProblemException(
                Problem.OUTCOME_UNKNOWN,
                "the connection broke in the commit: ask for the job by its id, or send it again with the same"
                        + " Idempotency-Key",
                List.of(),
                id);
    }

    /** Of what needs the spec. */
    static ProblemException unreadable(Jobs.StoredJob job) {
        return new ProblemException(
                Problem.UNREADABLE,
                "the spec of this job cannot be read: " + job.unreadable(),
                List.of(),
                job.id());
    }

    static ProblemException keyUsed(JobId id) {
        return new ProblemException(
                Problem.IDEMPOTENCY_CONFLICT,
                "this Idempotency-Key came with another body before; it made job " + id,
                List.of(),
                id);
    }

    /** The key is kept longer than its job: what was sent again must not run again. */
    static ProblemException deleted(JobId id) {
        return new ProblemException(
                Problem.JOB_GONE,
                "this Idempotency-Key made job " + id + ", which has ended and is deleted",
                List.of(),
                id);
    }

    private static HttpResponse<?> located(HttpStatus status, Jobs.StoredJob job) {
        return job(status, job).header(HttpHeaders.LOCATION, "/api/v1/jobs/" + job.id());
    }

    static MutableHttpResponse<?> job(HttpStatus status, Jobs.StoredJob job) {
        return HttpResponse.status(status)
                .body(Json.write(JobTree.whole(job)))
                .header(HttpHeaders.ETAG, etag(job.version()));
    }

    static String etag(int version) {
        return "\"" + version + "\"";
    }
}
