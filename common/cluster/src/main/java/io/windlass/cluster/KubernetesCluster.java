package io.windlass.cluster;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.windlass.job.JobId;
import io.windlass.job.JobIdentity;
import io.windlass.job.Look;
import io.windlass.job.PodSeen;
import io.windlass.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** By the API server; every call is one try. */
public final class KubernetesCluster implements Cluster {
    private static final String JOBS = "/apis/batch/v1/namespaces/%s/jobs";
    private static final int PAGE = 500;
    private static final String INSTALLED_BY = JobIdentity.INSTALLATION;

    private final KubernetesClient client;
    private final UUID installation;
    private final List<String> namespaces;

    public KubernetesCluster(KubernetesClient client, UUID installation, List<String> namespaces) {
        this.client = client;
        this.installation = installation;
        this.namespaces = namespaces;
    }

    @Override
    public Creation create(String namespace, Map<String, @Nullable Object> manifest) {
        try {
            String made =
                    client.raw(
                            JOBS.formatted(namespace) + "?fieldValidation=Strict",
                            "POST",
                            manifest);
            return new Creation.Made(
                    SeenReader.job(client.getKubernetesSerialization().unmarshal(made, Job.class)));
        } catch (KubernetesClientException e) {
            return Refusals.notMade(e);
        }
    }

    @Override
    public boolean delete(String namespace, String name, String uid) {
        return deleted(namespace, name, uid, "Foreground").isEmpty();
    }

    @Override
    public boolean remove(String namespace, String name, String uid) {
        // the object comes back where it is not gone yet
        return deleted(namespace, name, uid, "Background")
                .map(answer -> "Status".equals(Json.object(answer).get("kind")))
                .orElse(true);
    }

    /** What was answered; empty where that uid is no more. */
    private Optional<String> deleted(
            String namespace, String name, String uid, String propagation) {
        Map<String, Object> options =
                Map.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "DeleteOptions",
                        "propagationPolicy",
                        propagation,
                        "preconditions",
                        Map.of("uid", uid));
        try {
            String path = JOBS.formatted(namespace) + "/" + name;
            return Optional.of(String.valueOf(client.raw(path, "DELETE", options)));
        } catch (KubernetesClientException e) {
            // 409: another object has the name now
            if (e.getCode() == 404 || e.getCode() == 409) {
                return Optional.empty();
            }
            throw Refusals.away(e);
        }
    }

    @Override
    public boolean suspend(String namespace, String name, String uid) {
        String patch =
                Json.write(Map.of("metadata", Map.of("uid", uid), "spec", Map.of("suspend", true)));
        try {
            client.batch()
                    .v1()
                    .jobs()
                    .inNamespace(namespace)
                    .withName(name)
                    .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
            return false;
        } catch (KubernetesClientException e) {
            // another uid is a field that may not be changed: 422, as some other refusals are
            if (e.getCode() == 404 || (e.getCode() == 422 && !stands(namespace, name, uid))) {
                return true;
            }
            throw Refusals.away(e);
        }
    }

    private boolean stands(String namespace, String name, String uid) {
        try {
            Job job = client.batch().v1().jobs().inNamespace(namespace).withName(name).get();
            return job != null && uid.equals(job.getMetadata().getUid());
        } catch (KubernetesClientException e) {
            throw Refusals.away(e);
        }
    }

    @Override
    public void deleteEndedPods(String namespace, JobId jobId) {
        try {
            client.pods()
                    .inNamespace(namespace)
                    .withLabels(selector(jobId))
                    .withoutField("status.phase", "Pending")
                    .withoutField("status.phase", "Running")
                    .delete();
        } catch (KubernetesClientException e) {
            throw Refusals.away(e);
        }
    }

    @Override
    public Look look(String namespace, String name, JobId jobId) {
        try {
            Job job = client.batch().v1().jobs().inNamespace(namespace).withName(name).get();
            if (job == null) {
                return Look.NOTHING;
            }
            List<PodSeen> pods = new ArrayList<>();
            for (Pod pod :
                    client.pods()
                            .inNamespace(namespace)
                            .withLabels(selector(jobId))
                            .list()
                            .getItems()) {
                pods.add(SeenReader.pod(pod, pulls(pod)));
            }
            return new Look(SeenReader.job(job), List.copyOf(pods));
        } catch (KubernetesClientException e) {
            throw Refusals.away(e);
        }
    }

    private Map<String, String> selector(JobId jobId) {
        return Map.of(
                JobIdentity.INSTALLATION, installation.toString(),
                JobIdentity.JOB_ID, jobId.toString());
    }

    /** Asked only of a pod that waits for its image: for the others the number means nothing. */
    private int pulls(Pod pod) {
        boolean waits =
                SeenReader.pod(pod, 0).containers().stream()
                        .anyMatch(
                                c -> c.waiting() != null && c.waiting().reason().contains("Pull"));
        if (!waits) {
            return 0;
        }
        return client
                .v1()
                .events()
                .inNamespace(pod.getMetadata().getNamespace())
                .withField("involvedObject.uid", pod.getMetadata().getUid())
                .list()
                .getItems()
                .stream()
                .mapToInt(KubernetesCluster::pullsIn)
                .sum();
    }

    /** How many pulls an event tells of. */
    public static int pullsIn(Event event) {
        if (!"Pulling".equals(event.getReason())) {
            return 0;
        }
        return event.getCount() == null ? 1 : Math.max(1, event.getCount());
    }

    @Override
    public Map<JobId, Look> lookAtAll() {
        try {
            Map<JobId, List<PodSeen>> pods = new HashMap<>();
            eachPage(
                    client.pods(),
                    pod ->
                            SeenReader.jobId(pod)
                                    .ifPresent(id ->
                                            pods.computeIfAbsent(id, i -> new ArrayList<>())
                                                    .add(SeenReader.pod(pod, pulls(pod)))));
            Map<JobId, Look> looks = new HashMap<>();
            eachPage(
                    client.batch().v1().jobs(),
                    job ->
                            SeenReader.jobId(job)
                                    .ifPresent(id ->
                                            looks.put(
                                                    id,
                                                    new Look(
                                                            SeenReader.job(job),
                                                            pods.getOrDefault(id, List.of())))));
            return looks;
        } catch (KubernetesClientException e) {
            throw Refusals.away(e);
        }
    }

    private <T extends HasMetadata, L extends KubernetesResourceList<T>, R extends Resource<T>>
            void eachPage(MixedOperation<T, L, R> kind, Consumer<T> consumer) {
        if (namespaces.isEmpty()) {
            eachPage(
                    o -> kind.inAnyNamespace().withLabel(INSTALLED_BY, installation()).list(o),
                    consumer);
        }
        for (String namespace : namespaces) {
            eachPage(
                    o ->
                            kind.inNamespace(namespace)
                                    .withLabel(INSTALLED_BY, installation())
                                    .list(o),
                    consumer);
        }
    }

    private String installation() {
        return installation.toString();
    }

    private interface Pages<L> {
        L list(ListOptions options);
    }

    private static <T extends HasMetadata, L extends KubernetesResourceList<T>> void eachPage(
            Pages<L> pages, Consumer<T> consumer) {
        String next = null;
        do {
            L list =
                    pages.list(
                            new ListOptionsBuilder()
                                    .withLimit((long) PAGE)
                                    .withContinue(next)
                                    .build());
            list.getItems().forEach(consumer);
            next = list.getMetadata().getContinue();
        } while (next != null && !next.isEmpty());
    }

    @Override
    public String identity() {
        try {
            var namespace = client.namespaces().withName("kube-system").get();
            if (namespace == null) {
                throw new ClusterAwayException(
                        "the cluster has no kube-system", Refusals.TRY_AGAIN, null);
            }
            return namespace.getMetadata().getUid();
        } catch (KubernetesClientException e) {
            throw Refusals.away(e);
        }
    }
}
