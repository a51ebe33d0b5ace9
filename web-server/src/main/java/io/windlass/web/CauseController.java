package io.windlass.web;

import io.micronaut.core.annotation.Introspected;
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
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.windlass.json.Json;
import io.windlass.store.AccountingSettings;
import io.windlass.store.Causes;
import io.windlass.store.LogShelf;
import io.windlass.store.ScheduleHealth;
import io.windlass.store.ScheduleHealth.Trouble;
import io.windlass.store.ScheduleSetAside;
import io.windlass.store.Schedules;
import io.windlass.store.TroubledSchedule;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What stops jobs now: one line for each trouble, however many are in it; the schedules that do not
 * do what they are there for; where no namespace is asked for, the nodes that give no logs; and the
 * rows that need an operator.
 */
@Controller("/api/v1/problems")
@Produces(MediaType.APPLICATION_JSON)
@ExecuteOn(TaskExecutors.BLOCKING)
final class CauseController {

    private final Causes causes;
    private final Schedules schedules;
    private final RowProblems rows;
    private final AccountingSettings settings;
    private final LogShelf logs;

    CauseController(
            Causes causes,
            Schedules schedules,
            RowProblems rows,
            AccountingSettings settings,
            LogShelf logs) {
        this.causes = causes;
        this.schedules = schedules;
        this.rows = rows;
        this.settings = settings;
        this.logs = logs;
    }

    /** The names of the parameter, in small letters. */
    private enum Kind {
        WAITING,
        SCHEDULES,
        NODES,
        ROWS
    }

    /** As it is answered. */
    @Introspected
    @Schema(name = "LiveCause")
    record CauseDocument(
            @Schema(name = "class") String waitClass,
            @Schema(description = "as the job that waits longest tells it") String cause,
            @Schema(description = "what is at fault, by kind and name") String object,
            @Schema(description = "null of an index") String cluster,
            @Schema(description = "null where what is at fault belongs to none") String namespace,
            @Schema(description = "null of an index") Instant since,
            @Schema(description = "when the first of them fails if nothing changes")
                    Instant verdictAt,
            long jobs,
            long schedules,
            @Schema(
                            description =
                                    "these jobs, page by page, or the one row; null where nothing"
                                            + " of it can be shown, or where it is no trouble of"
                                            + " jobs")
                    String link) {
        @Introspected
        @Schema(name = "LiveCauses")
        record Page(List<CauseDocument> items) {}
    }

    @Get
    @Operation(
            summary = "What stops jobs now",
            description =
                    "Causes that are live, grouped, those that stop most jobs first. Then schedules"
                            + " in trouble, nodes that give no logs where no namespace is asked for."
                            + " Then rows that need an operator: jobs and logs that are"
                            + " set aside, rows that cannot be read, indexes that are not valid, and"
                            + " what stays different from the cluster.")
    @Parameter(
            name = "namespace",
            in = ParameterIn.QUERY,
            schema = @Schema(implementation = String.class))
    @Parameter(
            name = "limit",
            in = ParameterIn.QUERY,
            schema = @Schema(implementation = Integer.class))
    @Parameter(
            name = "kind",
            in = ParameterIn.QUERY,
            description =
                    "only these: waiting, schedules, nodes, rows; may be given more than once",
            schema = @Schema(implementation = String.class))
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = CauseDocument.Page.class)))
    HttpResponse<?> list(@Parameter(hidden = true) HttpRequest<?> request) {
        Query query = new Query(request, Set.of("namespace", "limit", "kind"));
        Set<Kind> kinds = kinds(query);
        @Nullable Collection<String> namespaces = JobFilters.namespaces(query, Callers.of(request));
        int limit = query.limit();
        List<Map<String, @Nullable Object>> items = new ArrayList<>();
        if (kinds.contains(Kind.WAITING)) {
            causes.live(namespaces, limit).forEach(cause -> items.add(tree(cause)));
        }
        if (kinds.contains(Kind.SCHEDULES)) {
            // those that are set aside are rows as well, and told once
            addSchedules(items, namespaces, limit, !kinds.contains(Kind.ROWS));
        }
        boolean ofAll = query.text("namespace").isEmpty();
        if (kinds.contains(Kind.NODES) && ofAll) {
            items.addAll(NodeCauses.of(logs.nodesWithoutLogs(NodeCauses.FRESH)));
        }
        if (kinds.contains(Kind.ROWS)) {
            items.addAll(rows.list(namespaces, ofAll, limit));
        }
        return HttpResponse.ok(Json.write(Map.of("items", items.stream().limit(limit).toList())));
    }

    private static Set<Kind> kinds(Query query) {
        Set<Kind> kinds = EnumSet.noneOf(Kind.class);
        for (String name : query.all("kind")) {
            kinds.add(
                    Arrays.stream(Kind.values())
                            .filter(kind -> kind.name().toLowerCase(Locale.ROOT).equals(name))
                            .findFirst()
                            .orElseThrow(() ->
                                    Query.malformed(
                                            "kind", "must be of waiting, schedules, nodes, rows")));
        }
        return kinds.isEmpty() ? EnumSet.allOf(Kind.class) : kinds;
    }

    private void addSchedules(
            List<Map<String, @Nullable Object>> items,
            @Nullable Collection<String> namespaces,
            int limit,
            boolean setAside) {
        Instant now = Instant.now();
        for (TroubledSchedule one :
                schedules.inTrouble(namespaces, settings.failingAfter(), limit)) {
            one.health().troubles(now, settings.failingAfter()).stream()
                    .filter(trouble -> setAside || trouble != Trouble.SET_ASIDE)
                    .forEach(trouble -> items.add(tree(one, trouble)));
        }
    }

    private static Map<String, @Nullable Object> tree(TroubledSchedule schedule, Trouble trouble) {
        ScheduleHealth health = schedule.health();
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("class", "SCHEDULE_" + trouble.name());
        tree.put("cause", cause(health, trouble));
        tree.put("object", "schedule " + schedule.namespace() + "/" + schedule.name());
        tree.put("cluster", schedule.cluster());
        tree.put("namespace", schedule.namespace());
        tree.put("since", Objects.toString(since(health, trouble), null));
        tree.put("verdictAt", null);
        tree.put("jobs", 0);
        tree.put("schedules", 1);
        tree.put("link", ScheduleAnswers.path(schedule.namespace(), schedule.name()) + "/runs");
        return tree;
    }

    private static String cause(ScheduleHealth health, Trouble trouble) {
        Instant success = health.lastSuccessAt();
        return switch (trouble) {
            case OVERDUE ->
                    "no success was seen in time; the last was "
                            + (success == null ? "never" : success.toString());
            case MISSED -> health.missed() + " instants were missed, and no success has come since";
            case FAILING ->
                    health.failures()
                            + " runs in a row failed, the last with "
                            + health.lastFailure();
            case SET_ASIDE ->
                    aside(health).tries()
                            + " tries in a row to account for its instants failed, the last with "
                            + aside(health).error();
        };
    }

    private static @Nullable Instant since(ScheduleHealth health, Trouble trouble) {
        return switch (trouble) {
            case OVERDUE -> health.overdueAt();
            case MISSED -> health.missedAt();
            case FAILING -> health.lastFailureAt();
            case SET_ASIDE -> aside(health).since();
        };
    }

    private static ScheduleSetAside aside(ScheduleHealth health) {
        return Objects.requireNonNull(health.setAside());
    }

    private static Map<String, @Nullable Object> tree(Causes.Cause cause) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("class", cause.waitClass());
        tree.put("cause", cause.cause());
        tree.put("object", cause.object());
        tree.put("cluster", cause.cluster());
        tree.put("namespace", cause.namespace());
        tree.put("since", cause.since().toString());
        tree.put("verdictAt", Objects.toString(cause.verdictAt(), null));
        tree.put("jobs", cause.jobs());
        tree.put("schedules", cause.schedules());
        tree.put("link", link(cause));
        return tree;
    }

    private static String link(Causes.Cause cause) {
        return "/api/v1/jobs?waiting="
                + cause.waitClass()
                + parameter("object", cause.object())
                + parameter("namespace", cause.namespace());
    }

    private static String parameter(String name, @Nullable String value) {
        return value == null
                ? ""
                : "&" + name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
