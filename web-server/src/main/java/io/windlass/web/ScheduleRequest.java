package io.windlass.web;

import io.micronaut.core.annotation.Introspected;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A schedule as it is sent: for the OpenAPI document. The reader of schedules knows the same
 * fields; a test sees to that.
 */
@Introspected
@Schema(
        name = "ScheduleRequest",
        requiredProperties = {"name", "job"})
record ScheduleRequest(
        @Schema(example = "nightly", maxLength = 63) String name,
        @Schema(defaultValue = "default") String namespace,
        @Schema(
                        example = "30 2 * * *",
                        description =
                                "five fields, or six with seconds; @daily and friends; H. Or every")
                String cron,
        @Schema(example = "15m", description = "or cron") String every,
        @Schema(defaultValue = "UTC", example = "Europe/Berlin") String timeZone,
        @Schema(defaultValue = "false") Boolean paused,
        @Schema(defaultValue = "Allow", description = "Allow, Forbid, Replace or Queue")
                String concurrency,
        @Schema(example = "10m", description = "later than this an instant is missed")
                String startingDeadline,
        @Schema(
                        description = "none, latest (the default), or {\"all\": N}",
                        implementation = Object.class)
                Object catchUp,
        @Schema(defaultValue = "0s", description = "each schedule's own delay is within this")
                String jitter,
        Instant startAt,
        Instant endAt,
        Keep keep,
        Map<String, String> labels,
        @Schema(description = "name and namespace are the schedule's unless it says a name")
                JobRequest job) {

    /** Of its jobs that have ended. */
    @Introspected
    @Schema(name = "Keep")
    record Keep(
            @Schema(defaultValue = "3") Integer succeeded,
            @Schema(defaultValue = "10") Integer failed,
            @Schema(defaultValue = "30d") String age) {}

    /** What a run now has otherwise. */
    @Introspected
    @Schema(name = "RunRequest")
    record Run(JobRequest job) {}

    /** All that a set shall have. */
    @Introspected
    @Schema(
            name = "ScheduleSet",
            requiredProperties = {"set"})
    record SetRequest(
            @Schema(example = "team-a") String set,
            List<ScheduleRequest> schedules,
            List<Template> templates,
            List<Instance> instances,
            @Schema(
                            defaultValue = "false",
                            description = "removes what the set has and this does not")
                    Boolean prune,
            @Schema(defaultValue = "false", description = "though it removes more than half")
                    Boolean force,
            @Schema(defaultValue = "false", description = "tells what would be done")
                    Boolean dryRun) {}

    /** A schedule with holes, ${name}, and what fills them. */
    @Introspected
    @Schema(name = "ScheduleTemplate")
    record Template(
            String name,
            String description,
            List<TemplateParameter> parameters,
            Map<String, Object> schedule) {}

    /** With a default it may be left out. */
    @Introspected
    @Schema(name = "TemplateParameter")
    record TemplateParameter(
            String name,
            @Schema(
                            defaultValue = "string",
                            description = "string, integer, number, boolean, duration or strings")
                    String type,
            @Schema(name = "default", implementation = Object.class) Object otherwise,
            @Schema(name = "enum") List<Object> oneOf,
            String description) {}

    /** One schedule of a template. */
    @Introspected
    @Schema(name = "TemplateInstance")
    record Instance(String template, Map<String, Object> with) {}
}
