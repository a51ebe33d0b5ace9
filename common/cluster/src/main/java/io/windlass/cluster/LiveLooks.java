package io.windlass.cluster;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.ResourceNotFoundException;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.windlass.job.EventSeen;
import io.windlass.job.JobId;
import io.windlass.job.JobSeen;
import io.windlass.job.Look;
import io.windlass.job.PodSeen;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Reads what the cluster says now of a job, its pods and their events. */
final class LiveLooks {
    /** Of more pods than this the events are read by one list of their namespace's. */
    private static final int ONE_BY_ONE = 10;

    private final KubernetesClient client;
    private final Ours ours;
    private final List<String> namespaces;
    private final Surveys surveys;
    private final PodPages pods;

    LiveLooks(KubernetesClient client, Ours ours, List<String> namespaces, PodPages pods) {
        this.client = client;
        this.ours = ours;
        this.namespaces = namespaces;
        this.surveys = new Surveys(client);
        this.pods = pods;
    }

    Look at(String namespace, String name, JobId jobId) {
        Job job = job(namespace, name).orElse(null);
        if (job == null) {
            return Look.NOTHING;
        }
        String uid = job.getMetadata().getUid();
        List<PodSeen> seen = new ArrayList<>();
        long version =
                pods.forEach(namespace, jobId, page -> seen.addAll(seen(namespace, page, uid)));
        JobSeen jobSeen = SeenReader.job(job);
        boolean noPodLives =
                seen.stream()
                        .filter(pod -> pod.owner() != null && pod.owner().uid().equals(uid))
                        .allMatch(PodSeen::over);
        List<EventSeen> ofTheJob =
                noPodLives && !jobSeen.finished() && jobSeen.deletionAt() == null
                        ? EventReader.read(events(namespace, job))
                        : List.of();
        return new Look(
                jobSeen,
                List.copyOf(seen),
                true,
                ofTheJob,
                surveys.quotas(namespace, ofTheJob),
                version);
    }

    /** Labels only select: what bears them may be anybody's. */
    private static boolean isOf(Pod pod, String jobUid) {
        return SeenReader.controller(pod.getMetadata()).equals(jobUid);
    }

    private List<PodSeen> seen(String namespace, List<Pod> pods, String jobUid) {
        List<Pod> own = pods.stream().filter(pod -> isOf(pod, jobUid)).toList();
        Map<String, List<Event>> events = eventsOfThoseThatWait(namespace, own);
        List<PodSeen> seen = new ArrayList<>();
        for (Pod pod : pods) {
            // of a pod that does not wait nobody asks: what its events would tell is over
            List<Event> about = events.getOrDefault(pod.getMetadata().getUid(), List.of());
            seen.add(
                    isOf(pod, jobUid)
                            ? surveyed(pod, told(about))
                            : SeenReader.pod(pod, PodSeen.Told.NOTHING));
        }
        return seen;
    }

    /** Empty where it is surely not there: not found, and in no list either. */
    Optional<Job> job(String namespace, String name) {
        var jobs = client.batch().v1().jobs().inNamespace(namespace);
        return found(jobs.withName(name), ApiAnswer.JOBS, name)
                .or(() ->
                        jobs.withField("metadata.name", name).list().getItems().stream()
                                .filter(job -> name.equals(job.getMetadata().getName()))
                                .findFirst());
    }

    /** Empty only where the API server itself says that there is nothing of that name. */
    static <T> Optional<T> found(Resource<T> resource, String kind, String name) {
        try {
            return Optional.of(resource.require());
        } catch (ResourceNotFoundException e) {
            if (e.getCause() instanceof KubernetesClientException said
                    && !ApiAnswer.of(said).isNotFound(kind, name)) {
                throw said;
            }
            return Optional.empty();
        }
    }

    private Map<String, List<Event>> eventsOfThoseThatWait(String namespace, List<Pod> pods) {
        List<Pod> waiting =
                pods.stream()
                        .filter(pod -> SeenReader.pod(pod, PodSeen.Told.NOTHING).isWaiting())
                        .toList();
        Map<String, List<Event>> events = new HashMap<>();
        if (waiting.size() <= ONE_BY_ONE) {
            waiting.forEach(pod -> events.put(pod.getMetadata().getUid(), events(namespace, pod)));
            return events;
        }
        waiting.forEach(pod -> events.put(pod.getMetadata().getUid(), new ArrayList<>()));
        Pages.forEach(
                o ->
                        client.v1()
                                .events()
                                .inNamespace(namespace)
                                .withField("involvedObject.kind", "Pod")
                                .list(o),
                event -> {
                    List<Event> known =
                            event.getInvolvedObject() == null
                                    ? null
                                    : events.get(event.getInvolvedObject().getUid());
                    if (known != null) {
                        known.add(event);
                    }
                });
        return events;
    }

    private List<Event> events(String namespace, HasMetadata about) {
        return client.v1()
                .events()
                .inNamespace(namespace)
                .withField("involvedObject.uid", about.getMetadata().getUid())
                .list()
                .getItems();
    }

    private static PodSeen.Told told(List<Event> events) {
        return new PodSeen.Told(true, EventReader.pullsIn(events), EventReader.read(events));
    }

    private PodSeen surveyed(Pod pod, PodSeen.Told told) {
        PodSeen seen = SeenReader.pod(pod, told);
        PodSeen.Unscheduled waits = seen.unscheduled();
        return waits == null ? seen : seen.with(surveys.compared(pod, waits));
    }

    /** Jobs before their pods: a Job that has ended is shown with pods of its end. */
    Map<JobId, Look> atAll() {
        Map<JobId, JobSeen> jobs = new HashMap<>();
        Set<JobId> ambiguous = new HashSet<>();
        eachPage(
                client.batch().v1().jobs(),
                job ->
                        SeenReader.jobId(job)
                                .ifPresent(id -> {
                                    if (jobs.put(id, SeenReader.job(job)) != null) {
                                        ambiguous.add(id);
                                    }
                                }));
        // two say that they are the same: which it is only a look under its own name tells
        jobs.keySet().removeAll(ambiguous);
        Map<JobId, List<PodSeen>> pods = new HashMap<>();
        long version = eachPage(client.pods(), pod -> addListed(pod, jobs, pods));
        Map<JobId, Look> looks = new HashMap<>();
        jobs.forEach((id, job) ->
                looks.put(id, Look.listed(job, pods.getOrDefault(id, List.of()), version)));
        return looks;
    }

    /** Where it is of the Job that is listed: labels only select. */
    private static void addListed(
            Pod pod, Map<JobId, JobSeen> jobs, Map<JobId, List<PodSeen>> pods) {
        JobId id = SeenReader.jobId(pod).orElse(null);
        JobSeen job = id == null ? null : jobs.get(id);
        if (id == null || job == null) {
            return;
        }
        PodSeen seen = SeenReader.pod(pod, PodSeen.Told.NOTHING);
        if (new PodSeen.Owner(job.namespace(), job.uid()).equals(seen.owner())) {
            // all that there are at once: they are only compared
            pods.computeIfAbsent(id, i -> new ArrayList<>()).add(seen.toCompare());
        }
    }

    /** The version of the cluster by which the first list was made. */
    private <T extends HasMetadata, L extends KubernetesResourceList<T>, R extends Resource<T>>
            long eachPage(MixedOperation<T, L, R> kind, Consumer<T> consumer) {
        if (namespaces.isEmpty()) {
            return Pages.forEach(
                    o -> kind.inAnyNamespace().withLabels(ours.all()).list(o), consumer);
        }
        long version = Long.MAX_VALUE;
        for (String namespace : namespaces) {
            long then =
                    Pages.forEach(
                            o -> kind.inNamespace(namespace).withLabels(ours.all()).list(o),
                            consumer);
            version = Math.min(version, then);
        }
        return version;
    }
}
