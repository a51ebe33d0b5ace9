package io.windlass.web;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.windlass.json.Json;
import io.windlass.service.Nudges;
import io.windlass.store.ClusterLosses;
import io.windlass.store.Clusters;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The clusters that jobs may name, and the brake for each. */
@Controller("/api/v1/clusters")
@Produces(MediaType.APPLICATION_JSON)
@ExecuteOn(TaskExecutors.BLOCKING)
final class ClusterController {
    private final Clusters clusters;
    private final ClusterLosses losses;
    private final ApiSettings settings;
    private final Nudges nudges;

    ClusterController(
            Clusters clusters, ClusterLosses losses, ApiSettings settings, Nudges nudges) {
        this.clusters = clusters;
        this.losses = losses;
        this.settings = settings;
        this.nudges = nudges;
    }

    /** A cluster as read back: live are its Jobs that are not deleted yet. */
    @Schema(name = "Cluster")
    record ClusterDocument(
            String name,
            @Nullable String identity,
            @Schema(description = "when the cluster of this identity answered last")
                    @Nullable String heartbeatAt,
            boolean paused,
            long liveJobs,
            @Schema(description = "when messages-processor asked last who it is")
                    @Nullable String askedAt,
            @Schema(description = "the identity that answers now; null where nothing answers")
                    @Nullable String answers,
            @Nullable String answersSince,
            @Schema(description = "identities that were declared lost, the latest first")
                    List<Lost> lost) {
        /** A cluster that had the name. */
        @Schema(name = "LostCluster")
        record Lost(
                String identity,
                String declaredAt,
                String declaredBy,
                @Nullable String foundAt,
                @Nullable String foundBy,
                @Schema(description = "since when each of its jobs has its answer")
                        @Nullable String doneAt,
                @Schema(description = "jobs that are still to be ended") long left) {}

        @Schema(name = "Clusters")
        record Page(List<ClusterDocument> items) {}
    }

    @Get
    @Operation(summary = "List clusters")
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = ClusterDocument.Page.class)))
    HttpResponse<?> list(@Parameter(hidden = true) HttpRequest<?> request) {
        new Query(request, Set.of());
        Map<String, Map<String, @Nullable Object>> known = new LinkedHashMap<>();
        settings.clusters().forEach(name -> known.put(name, unheardOf(name)));
        List<ClusterLosses.StoredLoss> lost = losses.all();
        clusters.list().forEach(cluster -> known.put(cluster.name(), tree(cluster, lost)));
        return HttpResponse.ok(Json.write(Map.of("items", List.copyOf(known.values()))));
    }

    @Post("/{name}/pause")
    @Operation(
            summary = "Admit nothing more",
            description = "What is queued stays queued, what runs goes on.")
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = ClusterDocument.class)))
    HttpResponse<?> pause(
            @Parameter(hidden = true) HttpRequest<?> request, @PathVariable String name) {
        return paused(request, name, true);
    }

    @Post("/{name}/resume")
    @Operation(summary = "Admit again")
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = ClusterDocument.class)))
    HttpResponse<?> resume(
            @Parameter(hidden = true) HttpRequest<?> request, @PathVariable String name) {
        HttpResponse<?> answer = paused(request, name, false);
        nudges.submitted(name, TraceFilter.traceparent(request));
        return answer;
    }

    private HttpResponse<?> paused(HttpRequest<?> request, String name, boolean paused) {
        new Query(request, Set.of());
        Set<String> names = new LinkedHashSet<>(settings.clusters());
        clusters.list().forEach(cluster -> names.add(cluster.name()));
        if (!names.contains(name)) {
            throw new ProblemException(
                    Problem.NO_SUCH_CLUSTER,
                    "there is no cluster " + name + "; there are " + names);
        }
        clusters.pause(name, paused);
        return HttpResponse.ok(Json.write(tree(clusters.find(name).orElseThrow(), losses.all())));
    }

    private static Map<String, @Nullable Object> unheardOf(String name) {
        return tree(Clusters.StoredCluster.unheardOf(name), List.of());
    }

    private static Map<String, @Nullable Object> tree(
            Clusters.StoredCluster cluster, List<ClusterLosses.StoredLoss> lost) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("name", cluster.name());
        tree.put("identity", cluster.identity());
        tree.put("heartbeatAt", Objects.toString(cluster.heartbeatAt(), null));
        tree.put("paused", cluster.paused());
        tree.put("liveJobs", cluster.liveJobs());
        tree.put("askedAt", Objects.toString(cluster.askedAt(), null));
        tree.put("answers", cluster.answers());
        tree.put("answersSince", Objects.toString(cluster.answersSince(), null));
        tree.put(
                "lost",
                lost.stream()
                        .filter(loss -> loss.cluster().equals(cluster.name()))
                        .map(ClusterController::tree)
                        .toList());
        return tree;
    }

    private static Map<String, @Nullable Object> tree(ClusterLosses.StoredLoss loss) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("identity", loss.identity());
        tree.put("declaredAt", loss.declaredAt().toString());
        tree.put("declaredBy", loss.declaredBy());
        tree.put("foundAt", Objects.toString(loss.foundAt(), null));
        tree.put("foundBy", loss.foundBy());
        tree.put("doneAt", Objects.toString(loss.doneAt(), null));
        tree.put("left", loss.left());
        return tree;
    }
}
