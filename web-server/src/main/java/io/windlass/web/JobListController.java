package io.windlass.web;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
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
import io.windlass.job.JobState;
import io.windlass.json.Json;
import io.windlass.store.Jobs;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Many jobs, newest first, page by page. */
@Controller("/api/v1/jobs")
@Produces(MediaType.APPLICATION_JSON)
@ExecuteOn(TaskExecutors.BLOCKING)
final class JobListController {
    private static final Set<String> PARAMETERS =
            Set.of(
                    "namespace",
                    "state",
                    "label",
                    "name",
                    "queue",
                    "schedule",
                    "since",
                    "until",
                    "limit",
                    "cursor");
    private static final int MOST = 500;
    private static final int USUAL = 100;

    private final Jobs jobs;

    JobListController(Jobs jobs) {
        this.jobs = jobs;
    }

    @Get
    @Operation(
            summary = "List jobs",
            description = "Newest first; weakly consistent: to follow what happens, read the feed.")
    @Parameter(
            name = "namespace",
            in = ParameterIn.QUERY,
            schema = @Schema(implementation = String.class))
    @Parameter(
            name = "state",
            in = ParameterIn.QUERY,
            array = @ArraySchema(schema = @Schema(implementation = JobState.class)))
    @Parameter(
            name = "label",
            in = ParameterIn.QUERY,
            description = "k:v",
            array = @ArraySchema(schema = @Schema(implementation = String.class)))
    @Parameter(
            name = "name",
            in = ParameterIn.QUERY,
            schema = @Schema(implementation = String.class))
    @Parameter(
            name = "queue",
            in = ParameterIn.QUERY,
            schema = @Schema(implementation = String.class))
    @Parameter(
            name = "schedule",
            in = ParameterIn.QUERY,
            schema = @Schema(implementation = String.class))
    @Parameter(
            name = "since",
            in = ParameterIn.QUERY,
            schema = @Schema(implementation = String.class))
    @Parameter(
            name = "until",
            in = ParameterIn.QUERY,
            schema = @Schema(implementation = String.class))
    @Parameter(
            name = "limit",
            in = ParameterIn.QUERY,
            schema = @Schema(implementation = Integer.class))
    @Parameter(
            name = "cursor",
            in = ParameterIn.QUERY,
            schema = @Schema(implementation = String.class))
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = JobDocument.Page.class)))
    HttpResponse<?> list(@Parameter(hidden = true) HttpRequest<?> request) {
        Query query = new Query(request, PARAMETERS);
        int limit = query.number("limit", USUAL, 1, MOST);
        Jobs.After after =
                query.text("cursor")
                        .map(cursor ->
                                Cursors.list(cursor)
                                        .orElseThrow(
                                                () -> Query.malformed("cursor", "is none of ours")))
                        .orElse(null);
        List<Jobs.StoredJob> page = jobs.list(filter(query, Callers.of(request)), after, limit);
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("items", page.stream().map(JobTree::listed).toList());
        answer.put("next", page.size() < limit ? null : next(page.getLast()));
        return HttpResponse.ok(Json.write(answer));
    }

    private static String next(Jobs.StoredJob last) {
        return Cursors.of(new Jobs.After(last.submittedAt(), last.id().value()));
    }

    private static Jobs.Filter filter(Query query, Caller caller) {
        return new Jobs.Filter(
                namespaces(query, caller),
                states(query),
                labels(query),
                query.text("name").orElse(null),
                query.text("queue").orElse(null),
                query.text("schedule").map(JobListController::schedule).orElse(null),
                query.instant("since").orElse(null),
                query.instant("until").orElse(null));
    }

    private static @Nullable Collection<String> namespaces(Query query, Caller caller) {
        String asked = query.text("namespace").orElse(null);
        if (asked == null) {
            return caller.visible();
        }
        return caller.may(asked) ? List.of(asked) : List.of();
    }

    private static Set<JobState> states(Query query) {
        Set<JobState> states = EnumSet.noneOf(JobState.class);
        for (String values : query.all("state")) {
            for (String value : values.split(",", -1)) {
                try {
                    states.add(JobState.valueOf(value));
                } catch (IllegalArgumentException e) {
                    throw Query.malformed("state", "must be of " + List.of(JobState.values()));
                }
            }
        }
        return states;
    }

    private static Map<String, String> labels(Query query) {
        Map<String, String> labels = new LinkedHashMap<>();
        for (String label : query.all("label")) {
            int colon = label.indexOf(':');
            if (colon < 1 || label.indexOf('\0') >= 0) {
                throw Query.malformed("label", "must be key:value");
            }
            labels.put(label.substring(0, colon), label.substring(colon + 1));
        }
        return labels;
    }

    private static UUID schedule(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw Query.malformed("schedule", "must be a schedule's id");
        }
    }
}
