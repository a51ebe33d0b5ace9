package io.windlass.web;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.windlass.json.Json;
import io.windlass.store.Jobs;
import io.windlass.store.LogShelf;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/** A job's pods and its Kubernetes Job: as they are, or as they were known last. */
@Controller("/api/v1/jobs/{id}")
@ExecuteOn(TaskExecutors.BLOCKING)
final class PodsController {
    private final JobAnswers answers;
    private final Jobs jobs;
    private final LogShelf shelf;
    private final Gateways gateways;
    private final Intake intake;

    PodsController(
            JobAnswers answers, Jobs jobs, LogShelf shelf, Gateways gateways, Intake intake) {
        this.answers = answers;
        this.jobs = jobs;
        this.shelf = shelf;
        this.gateways = gateways;
        this.intake = intake;
    }

    @Get("/pods")
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "A job's pods",
            description =
                    "As known, with the receipts of their logs; where its cluster can be asked, with what their containers"
                            + " are doing now (live).")
    @ApiResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = PodDocument.Page.class)))
    HttpResponse<?> pods(@Parameter(hidden = true) HttpRequest<?> request, @PathVariable String id)
            throws InterruptedException {
        Jobs.StoredJob job = answers.visible(request, id);
        PodTrees trees = new PodTrees(jobs.pods(job.id()), shelf.ofJob(job.id()));
        var live = job.progress().settled() ? null : gateways.pods(job).orElse(null);
        Map<String, @Nullable Object> page = new LinkedHashMap<>();
        page.put("items", trees.with(live));
        page.put("live", live != null);
        return HttpResponse.ok(Json.write(page));
    }

    @Get("/manifest")
    @Produces("application/yaml")
    @Operation(
            summary = "A job's Kubernetes Job as YAML",
            description =
                    "As it is in its cluster; where it is not there, as it is made from the job's spec. The header"
                            + " Windlass-Manifest says which: live or rendered.")
    @ApiResponse(
            responseCode = "200",
            content =
                    @Content(
                            mediaType = "application/yaml",
                            schema = @Schema(implementation = String.class)))
    HttpResponse<?> manifest(
            @Parameter(hidden = true) HttpRequest<?> request, @PathVariable String id)
            throws InterruptedException {
        Jobs.StoredJob job = answers.visible(request, id);
        String live = job.progress().settled() ? null : gateways.manifest(job).orElse(null);
        return HttpResponse.ok(live == null ? rendered(job) : live)
                .header("Windlass-Manifest", live == null ? "rendered" : "live");
    }

    private String rendered(Jobs.StoredJob job) {
        DumpSettings settings = DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build();
        return new Dump(settings).dumpToString(intake.manifest(job));
    }
}
