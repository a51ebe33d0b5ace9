package io.windlass.web;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.windlass.job.FieldError;
import io.windlass.json.Json;
import io.windlass.schedule.Schedule;
import io.windlass.schedule.ScheduleSet;
import io.windlass.schedule.ScheduleTree;
import io.windlass.schedule.Zones;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Schedules as a whole, as they stand in somebody's repository. */
@Controller
@Produces(MediaType.APPLICATION_JSON)
@ExecuteOn(TaskExecutors.BLOCKING)
final class SetController {
    private final ScheduleDesk desk;
    private final SetApplication application;
    private final Zones zones;
    private final ApiSettings settings;
    private final Arrivals arrivals;
    private final OpenBatches batches;

    SetController(
            ScheduleDesk desk,
            SetApplication application,
            Zones zones,
            ApiSettings settings,
            Arrivals arrivals,
            OpenBatches batches) {
        this.desk = desk;
        this.application = application;
        this.zones = zones;
        this.settings = settings;
        this.arrivals = arrivals;
        this.batches = batches;
    }

    @Post("/api/v1/schedules:apply")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Have exactly the schedules of a set",
            description =
                    "All of it or nothing, and nothing of other sets. With prune what the set no longer has goes; more"
                            + " than half of it only with force. Where a schedule does not say paused, it stays as it is."
                            + " With dryRun nothing is done, and the answer is what would be.")
    @RequestBody(
            content = @Content(schema = @Schema(implementation = ScheduleRequest.SetRequest.class)))
    @Parameter(
            name = "dryRun",
            in = ParameterIn.QUERY,
            description = "or in the body",
            schema = @Schema(implementation = Boolean.class))
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = ScheduleDocument.SetResult.class)))
    HttpResponse<?> apply(
            @Parameter(hidden = true) HttpRequest<?> request,
            @Body @Parameter(hidden = true) @Nullable InputStream body) {
        Caller caller = Callers.of(request);
        try (Received received = arrivals.receive(body, settings.maxBatchBytes());
                OpenBatches.Open _ = batches.take(caller.name())) {
            Query query = new Query(request, Set.of("dryRun"));
            ScheduleSet set = checked(received, caller);
            return HttpResponse.ok(
                    Json.write(
                            set.dryRun() || query.flag("dryRun")
                                    ? application.tried(set, caller)
                                    : application.applied(set, caller)));
        }
    }

    private ScheduleSet checked(Received received, Caller caller) {
        Object tree = received.tree();
        return switch (ScheduleSet.read(
                tree, settings.defaultCluster(), zones, received.share()::take)) {
            case ScheduleSet.Result.Wrong(List<FieldError> errors) ->
                    throw ProblemException.invalid(errors);
            case ScheduleSet.Result.Read(ScheduleSet set) -> {
                List<FieldError> errors =
                        set.members().stream()
                                .flatMap(member ->
                                        objections(member.schedule(), caller).stream()
                                                .map(member.place()::at))
                                .toList();
                if (!errors.isEmpty()) {
                    throw ProblemException.invalid(errors);
                }
                yield set;
            }
        };
    }

    /** What may not be sent alone may not come with a set either. */
    private List<FieldError> objections(Schedule schedule, Caller caller) {
        int most = settings.maxJobBytes();
        int bytes = Json.write(ScheduleTree.of(schedule)).getBytes(StandardCharsets.UTF_8).length;
        return bytes > most
                ? List.of(new FieldError("", "has more than " + most + " bytes"))
                : desk.objections(schedule, caller);
    }
}
