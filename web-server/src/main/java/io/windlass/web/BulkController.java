package io.windlass.web;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.windlass.job.JobId;
import io.windlass.job.JobState;
import io.windlass.json.Json;
import io.windlass.store.Jobs;
import io.windlass.store.Retention;
import io.windlass.store.Schedules;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Cancels or deletes by the filters of the list, a page in one transaction. A call does so much and
 * no more; where there is more it says so, and is sent again.
 */
@Controller
@Produces(MediaType.APPLICATION_JSON)
@ExecuteOn(TaskExecutors.BLOCKING)
final class BulkController {
    private static final int PAGE = 500;
    private static final int MOST = 10_000;
    private static final int SHOWN = 10;
    private static final Set<JobState> LIVE =
            EnumSet.of(JobState.QUEUED, JobState.STARTING, JobState.RUNNING);
    private static final Set<JobState> ENDED = EnumSet.complementOf(EnumSet.copyOf(LIVE));

    private final Jobs jobs;
    private final Schedules schedules;
    private final Cancellations cancellations;
    private final Retention retention;
    private final BatchPlaces places;
    private final OpenBatches batches;

    BulkController(
            Jobs jobs,
            Schedules schedules,
            Cancellations cancellations,
            Retention retention,
            BatchPlaces places,
            OpenBatches batches) {
        this.places = places;
        this.jobs = jobs;
        this.schedules = schedules;
        this.cancellations = cancellations;
        this.retention = retention;
        this.batches = batches;
    }

    /** What a call came to; on a dry run what it would have come to. */
    @Schema(name = "BulkResult")
    record BulkDocument(
            boolean dryRun, int matched, int done, int notYet, boolean more, List<String> sample) {}

    /** Some of what matched, and how many of them were done. */
    private record Portion(List<Jobs.Found> page, int done) {}

    private interface Work {
        /** How many of these were done. */
        int on(List<JobId> ids);
    }

    @Post("/api/v1/jobs:cancel")
    @Operation(
            summary = "Cancel many jobs",
            description =
                    "By the filters of the list, those that have not ended. At most 10,000 in one call.")
    @Parameter(
            name = "dryRun",
            in = ParameterIn.QUERY,
            schema = @Schema(implementation = Boolean.class))
    @Parameter(
            name = "id",
            in = ParameterIn.QUERY,
            description = "one of these; up to 50",
            array = @ArraySchema(schema = @Schema(implementation = UUID.class)))
    @Parameter(
            name = "all",
            in = ParameterIn.QUERY,
            description = "Must be true where no filter is given.",
            schema = @Schema(implementation = Boolean.class))
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = BulkDocument.class)))
    HttpResponse<?> cancel(@Parameter(hidden = true) HttpRequest<?> request) {
        Caller caller = Callers.of(request);
        String traceparent = TraceFilter.traceparent(request);
        return inPages(
                request, LIVE, ids -> cancellations.cancelAll(ids, caller.name(), traceparent));
    }

    @Post("/api/v1/jobs:delete")
    @Operation(
            summary = "Delete many jobs",
            description =
                    "By the filters of the list, those that have ended, with their history. Those whose Kubernetes"
                            + " Job is still there are counted as notYet. At most 10,000 in one call.")
    @Parameter(
            name = "dryRun",
            in = ParameterIn.QUERY,
            schema = @Schema(implementation = Boolean.class))
    @Parameter(
            name = "id",
            in = ParameterIn.QUERY,
            description = "one of these; up to 50",
            array = @ArraySchema(schema = @Schema(implementation = UUID.class)))
    @Parameter(
            name = "all",
            in = ParameterIn.QUERY,
            description = "Must be true where no filter is given.",
            schema = @Schema(implementation = Boolean.class))
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = BulkDocument.class)))
    HttpResponse<?> delete(@Parameter(hidden = true) HttpRequest<?> request) {
        return inPages(request, ENDED, retention::delete);
    }

    private HttpResponse<?> inPages(HttpRequest<?> request, Set<JobState> possible, Work work) {
        Query query = new Query(request, JobFilters.and("dryRun", "all"));
        if (!JobFilters.given(query) && !query.flag("all")) {
            throw new ProblemException(
                    Problem.MALFORMED, "give at least one filter, or all=true if all are meant");
        }
        boolean dryRun = query.flag("dryRun");
        Caller caller = Callers.of(request);
        Jobs.Filter filter = in(possible, JobFilters.of(query, caller, schedules));
        String who = query.text("namespace").orElseGet(BatchPlaces::call);
        try (OpenBatches.Open _ = batches.take(caller.name())) {
            return HttpResponse.ok(Json.write(inPages(filter, dryRun, who, work)));
        }
    }

    private Map<String, @Nullable Object> inPages(
            Jobs.Filter filter, boolean dryRun, String who, Work work) {
        List<String> sample = new ArrayList<>();
        int matched = 0;
        int done = 0;
        Jobs.After after = null;
        boolean more = !filter.states().isEmpty();
        while (more && matched < MOST) {
            Jobs.After last = after;
            Portion portion =
                    places.with(
                            who, () -> portion(filter, last, dryRun ? ids -> ids.size() : work));
            List<Jobs.Found> page = portion.page();
            List<JobId> ids = ids(page);
            matched += ids.size();
            done += dryRun ? 0 : portion.done();
            ids.stream()
                    .limit(SHOWN - (long) sample.size())
                    .forEach(id -> sample.add(id.toString()));
            more = page.size() == PAGE;
            if (more) {
                after = page.getLast().place();
            }
        }
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("dryRun", dryRun);
        answer.put("matched", matched);
        answer.put("done", done);
        answer.put("notYet", dryRun ? 0 : matched - done);
        answer.put("more", more);
        answer.put("sample", sample);
        return answer;
    }

    private Portion portion(Jobs.Filter filter, Jobs.@Nullable After after, Work work) {
        List<Jobs.Found> page = jobs.list(filter, after, PAGE);
        return new Portion(page, page.isEmpty() ? 0 : work.on(ids(page)));
    }

    private static List<JobId> ids(List<Jobs.Found> page) {
        return page.stream().map(Jobs.Found::id).toList();
    }

    /** No states at all where the filter asks only for others. */
    private static Jobs.Filter in(Set<JobState> possible, Jobs.Filter filter) {
        Set<JobState> states = EnumSet.copyOf(possible);
        if (!filter.states().isEmpty()) {
            states.retainAll(filter.states());
        }
        return filter.in(states);
    }
}
