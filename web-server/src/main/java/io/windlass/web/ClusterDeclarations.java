package io.windlass.web;

import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.PathVariable;
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
import io.windlass.store.ClusterLosses;
import io.windlass.store.Clusters;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where somebody says that a cluster will not come back, or that it has. */
@Controller("/api/v1/clusters")
@Produces(MediaType.APPLICATION_JSON)
@ExecuteOn(TaskExecutors.BLOCKING)
final class ClusterDeclarations {
    private static final int MOST_BYTES = 4 * 1024;
    private static final int LONGEST_IDENTITY = 200;

    private final ClusterLosses losses;
    private final Clusters clusters;
    private final Arrivals arrivals;

    ClusterDeclarations(ClusterLosses losses, Clusters clusters, Arrivals arrivals) {
        this.losses = losses;
        this.clusters = clusters;
        this.arrivals = arrivals;
    }

    /** Which cluster is meant. */
    @Introspected
    @Schema(name = "ClusterIdentity")
    record IdentityDocument(
            @Schema(description = "the uid of its kube-system, as GET /clusters tells it")
                    String identity) {}

    /** Which cluster was taken back. */
    @Introspected
    @Schema(name = "ClusterFound")
    record FoundDocument(String cluster, String identity) {}

    /** What a declaration does, or would do. */
    @Introspected
    @Schema(name = "ClusterLoss")
    record LossDocument(
            String cluster,
            String identity,
            boolean dryRun,
            @Schema(description = "false where something is missing; only with dryRun")
                    boolean accepted,
            @Schema(description = "what speaks against it") List<String> missing,
            @Schema(description = "jobs that end as FAILED, CLUSTER_LOST") long failing,
            @Schema(description = "jobs that end as CANCELLED") long cancelled,
            @Schema(description = "ended jobs whose cleanup is given up") long settled,
            @Schema(description = "jobs that stay queued") long queued) {}

    @Post("/{name}/declare-lost")
    @Operation(
            summary = "Declare that a cluster will not come back",
            description =
                    "Ends its jobs as FAILED with CLUSTER_LOST, soon after the answer. Accepted only where messages-processor"
                            + " asked within the last minute and for 5 minutes had no answer, or that of another cluster, at every"
                            + " replica; otherwise 409, and detail says what is missing. Another cluster under the same name takes"
                            + " new jobs at once. With dryRun nothing is done, and the answer is what would be.")
    @Parameter(
            name = "dryRun",
            in = ParameterIn.QUERY,
            schema = @Schema(implementation = Boolean.class))
    @RequestBody(content = @Content(schema = @Schema(implementation = IdentityDocument.class)))
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = LossDocument.class)))
    @ApiResponse(responseCode = "409", description = "it may be alive; detail says why")
    HttpResponse<?> declareLost(
            @Parameter(hidden = true) HttpRequest<?> request,
            @PathVariable String name,
            @Body @Parameter(hidden = true) @Nullable InputStream body) {
        String identity = identity(body);
        boolean dryRun = new Query(request, Set.of("dryRun")).flag("dryRun");
        mustBeKnown(name);
        ClusterLosses.Declared declared =
                losses.declare(name, identity, Callers.of(request).name(), dryRun);
        if (!dryRun && !declared.accepted()) {
            throw new ProblemException(
                    Problem.CLUSTER_NOT_LOST, String.join("; ", declared.missing()));
        }
        return HttpResponse.ok(Json.write(tree(name, identity, dryRun, declared)));
    }

    @Post("/{name}/found")
    @Operation(
            summary = "Take back that a cluster is lost",
            description =
                    "Work is done in it again. Answers that were given stay: Jobs that still run there are left alone and counted"
                            + " (windlass_status_drift). 409 where another cluster has taken the name.")
    @RequestBody(content = @Content(schema = @Schema(implementation = IdentityDocument.class)))
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = FoundDocument.class)))
    @ApiResponse(responseCode = "409", description = "it is not lost, or another has its name")
    HttpResponse<?> found(
            @Parameter(hidden = true) HttpRequest<?> request,
            @PathVariable String name,
            @Body @Parameter(hidden = true) @Nullable InputStream body) {
        String identity = identity(body);
        new Query(request, Set.of());
        mustBeKnown(name);
        List<String> missing = losses.found(name, identity, Callers.of(request).name());
        if (!missing.isEmpty()) {
            throw new ProblemException(Problem.CLUSTER_NOT_FOUND, String.join("; ", missing));
        }
        return HttpResponse.ok(Json.write(Map.of("cluster", name, "identity", identity)));
    }

    private void mustBeKnown(String name) {
        List<String> names = clusters.list().stream().map(Clusters.StoredCluster::name).toList();
        if (!names.contains(name)) {
            throw new ProblemException(
                    Problem.NO_SUCH_CLUSTER,
                    "no cluster of this name was ever heard of; there are " + names);
        }
    }

    private String identity(@Nullable InputStream body) {
        try (Received received = arrivals.receive(body, MOST_BYTES)) {
            return identityIn(received.tree());
        }
    }

    private static String identityIn(@Nullable Object body) {
        List<FieldError> errors = new ArrayList<>();
        String identity = "";
        if (body instanceof Map<?, ?> tree) {
            for (Object field : tree.keySet()) {
                if (!"identity".equals(field)) {
                    errors.add(new FieldError("/" + field, "is not a field; there is: identity"));
                }
            }
            if (tree.get("identity") instanceof String text
                    && !text.isBlank()
                    && text.length() <= LONGEST_IDENTITY) {
                identity = text;
            } else {
                errors.add(
                        new FieldError("/identity", "must be the identity of the cluster, a text"));
            }
        } else {
            errors.add(new FieldError("", "must be an object"));
        }
        if (!errors.isEmpty()) {
            throw ProblemException.invalid(errors);
        }
        return identity;
    }

    private static Map<String, @Nullable Object> tree(
            String name, String identity, boolean dryRun, ClusterLosses.Declared declared) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("cluster", name);
        tree.put("identity", identity);
        tree.put("dryRun", dryRun);
        tree.put("accepted", declared.accepted());
        tree.put("missing", declared.missing());
        tree.put("failing", declared.numbers().failing());
        tree.put("cancelled", declared.numbers().cancelled());
        tree.put("settled", declared.numbers().settled());
        tree.put("queued", declared.numbers().queued());
        return tree;
    }
}
