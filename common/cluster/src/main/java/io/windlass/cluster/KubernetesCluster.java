package io.windlass.cluster;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.windlass.job.JobId;
import io.windlass.job.Look;
import io.windlass.job.PodSeen;
import io.windlass.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** By the API server; every call is one try. */
public final class KubernetesCluster implements Cluster {
    private static final String SYSTEM = "kube-system";
    private static final String JOBS = "/apis/batch/v1/namespaces/%s/jobs";

    private final KubernetesClient client;
    private final Ours ours;
    private final PodPages pods;
    private final LiveLooks looks;

    public KubernetesCluster(KubernetesClient client, UUID installation, List<String> namespaces) {
        this(client, installation, namespaces, Room.ENDLESS);
    }

    /**
     * @param room for the pages of pods that are read
     */
    public KubernetesCluster(
            KubernetesClient client, UUID installation, List<String> namespaces, Room room) {
        this.client = client;
        this.ours = new Ours(installation);
        this.pods = new PodPages(client, ours, room);
        this.looks = new LiveLooks(client, ours, namespaces, pods);
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
            ApiAnswer said = ApiAnswer.of(e);
            boolean anotherHasTheName = said.is(ApiAnswer.CONFLICT, ApiAnswer.JOB);
            if (anotherHasTheName || said.isNotFound(ApiAnswer.JOBS, name)) {
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
            if (ApiAnswer.of(e).isNotFound(ApiAnswer.JOBS, name)
                    || (e.getCode() == 422 && !stands(namespace, name, uid))) {
                return true;
            }
            throw Refusals.away(e);
        }
    }

    private boolean stands(String namespace, String name, String uid) {
        try {
            return looks.job(namespace, name)
                    .filter(job -> uid.equals(job.getMetadata().getUid()))
                    .isPresent();
        } catch (KubernetesClientException e) {
            throw Refusals.away(e);
        }
    }

    @Override
    public void deleteEndedPods(String namespace, JobId jobId) {
        try {
            client.pods()
                    .inNamespace(namespace)
                    .withLabels(ours.of(jobId))
                    .withoutField("status.phase", "Pending")
                    .withoutField("status.phase", "Running")
                    .delete();
        } catch (KubernetesClientException e) {
            throw Refusals.away(e);
        }
    }

    @Override
    public void endPods(String namespace, JobId jobId, String uid, Duration grace) {
        long seconds = Math.max(1, grace.toSeconds());
        try {
            List<ObjectMeta> patient = new ArrayList<>();
            pods.forEach(
                    namespace,
                    jobId,
                    page ->
                            page.stream()
                                    .filter(pod -> mayRun(pod, uid))
                                    .map(Pod::getMetadata)
                                    .filter(pod -> isPatient(pod, seconds))
                                    .forEach(patient::add));
            patient.forEach(pod -> endPod(pod, seconds));
        } catch (KubernetesClientException e) {
            throw Refusals.away(e);
        }
    }

    private static boolean mayRun(Pod pod, String uid) {
        return uid.equals(SeenReader.controller(pod.getMetadata()))
                && !SeenReader.pod(pod, PodSeen.Told.NOTHING).over();
    }

    private static boolean isPatient(ObjectMeta pod, long seconds) {
        Long grace = pod.getDeletionGracePeriodSeconds();
        return pod.getDeletionTimestamp() == null || grace == null || grace > seconds;
    }

    private void endPod(ObjectMeta pod, long seconds) {
        Map<String, Object> options =
                Map.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "DeleteOptions",
                        "gracePeriodSeconds",
                        seconds,
                        "preconditions",
                        Map.of("uid", pod.getUid()));
        try {
            client.raw(
                    "/api/v1/namespaces/%s/pods/%s".formatted(pod.getNamespace(), pod.getName()),
                    "DELETE",
                    options);
        } catch (KubernetesClientException e) {
            ApiAnswer said = ApiAnswer.of(e);
            boolean gone =
                    said.isNotFound(ApiAnswer.PODS, pod.getName())
                            || said.is(ApiAnswer.CONFLICT, ApiAnswer.POD);
            if (!gone) {
                throw e;
            }
        }
    }

    @Override
    public Look look(String namespace, String name, JobId jobId) {
        try {
            return looks.at(namespace, name, jobId);
        } catch (KubernetesClientException e) {
            throw Refusals.away(e);
        }
    }

    @Override
    public Map<JobId, Look> lookAtAll() {
        try {
            return looks.atAll();
        } catch (KubernetesClientException e) {
            throw Refusals.away(e);
        }
    }

    @Override
    public String identity() {
        try {
            return LiveLooks.found(
                            client.namespaces().withName(SYSTEM), ApiAnswer.NAMESPACES, SYSTEM)
                    .map(namespace -> namespace.getMetadata().getUid())
                    .orElse("");
        } catch (KubernetesClientException e) {
            throw Refusals.away(e);
        }
    }
}
