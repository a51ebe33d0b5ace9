package io.windlass.gateway;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.windlass.cluster.Ours;
import io.windlass.job.JobId;
import io.windlass.json.Json;
import io.windlass.messages.Installation;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A job's objects as they are in the cluster now; never one of another installation. */
@Controller(SignatureFilter.INTERNAL + "/namespaces/{namespace}/jobs/{id}")
@ExecuteOn(TaskExecutors.BLOCKING)
final class ObjectsController {
    private final KubernetesClient client;
    private final Ours ours;

    ObjectsController(KubernetesClient client, Installation installation) {
        this.client = client;
        this.ours = new Ours(installation.id());
    }

    @Get("/manifest/{name}")
    @Produces("application/yaml")
    HttpResponse<?> manifest(
            @PathVariable String namespace, @PathVariable String id, @PathVariable String name) {
        Job job = client.batch().v1().jobs().inNamespace(namespace).withName(name).get();
        if (job == null || JobId.parse(id).filter(jobId -> ours.areOn(job, jobId)).isEmpty()) {
            return HttpResponse.notFound();
        }
        job.getMetadata().setManagedFields(null);
        return HttpResponse.ok(Serialization.asYaml(job));
    }

    @Get("/pods")
    @Produces(MediaType.APPLICATION_JSON)
    HttpResponse<?> pods(@PathVariable String namespace, @PathVariable String id) {
        Optional<JobId> job = JobId.parse(id);
        if (job.isEmpty()) {
            return HttpResponse.notFound();
        }
        List<Pod> pods =
                client.pods()
                        .inNamespace(namespace)
                        .withLabels(ours.of(job.get()))
                        .list()
                        .getItems();
        return HttpResponse.ok(
                Json.write(Map.of("items", pods.stream().map(PodTree::of).toList())));
    }
}
