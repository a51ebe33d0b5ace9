package io.windlass.cluster;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListMeta;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.windlass.job.BoundedText;
import io.windlass.job.JobId;
import io.windlass.job.JobIdentity;
import io.windlass.job.JobSeen;
import io.windlass.job.PodSeen;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Kubernetes' objects into ours. Total: whatever is missing or odd is read as absent. */
public final class SeenReader {
    private static final int LONGEST_NAME = 253;

    /** Twice as long as they are. */
    private static final int LONGEST_TRACE = 110;

    private SeenReader() {}

    public static Optional<JobId> jobId(HasMetadata object) {
        return Optional.ofNullable(labels(object).get(JobIdentity.JOB_ID)).flatMap(JobId::parse);
    }

    /** Of the trace in which its job was submitted. */
    public static @Nullable String traceparent(HasMetadata object) {
        String trace = orEmpty(object.getMetadata().getAnnotations()).get(JobIdentity.TRACEPARENT);
        return trace == null || trace.length() > LONGEST_TRACE ? null : trace;
    }

    public static JobSeen job(Job job) {
        ObjectMeta meta = job.getMetadata();
        List<JobCondition> conditions =
                job.getStatus() == null ? List.of() : orEmpty(job.getStatus().getConditions());
        return new JobSeen(
                name(meta.getNamespace()),
                name(meta.getName()),
                name(meta.getUid()),
                guard(meta),
                owner(meta),
                instant(meta.getDeletionTimestamp()),
                conditions.stream()
                        .map(c ->
                                new JobSeen.Condition(
                                        text(c.getType()),
                                        "True".equals(c.getStatus()),
                                        text(c.getReason()),
                                        text(c.getMessage()),
                                        instant(c.getLastTransitionTime())))
                        .toList());
    }

    private static JobSeen.@Nullable Owner owner(ObjectMeta meta) {
        Map<String, String> labels = orEmpty(meta.getLabels());
        String installation = labels.get(JobIdentity.INSTALLATION);
        String jobId = labels.get(JobIdentity.JOB_ID);
        String specHash = orEmpty(meta.getAnnotations()).get(JobIdentity.SPEC_HASH);
        int attempt = number(labels.get(JobIdentity.ATTEMPT));
        return installation == null || jobId == null || specHash == null || attempt < 1
                ? null
                : new JobSeen.Owner(name(installation), name(jobId), attempt, name(specHash));
    }

    public static PodSeen pod(Pod pod, PodSeen.Told told) {
        ObjectMeta meta = pod.getMetadata();
        PodStatus status = pod.getStatus() == null ? new PodStatus() : pod.getStatus();
        List<PodCondition> conditions = orEmpty(status.getConditions());
        return new PodSeen(
                name(meta.getName()),
                name(meta.getUid()),
                guard(meta),
                number(labels(pod).get(JobIdentity.ATTEMPT)),
                text(status.getPhase()),
                text(status.getReason()),
                text(status.getMessage()),
                pod.getSpec() == null ? null : pod.getSpec().getNodeName(),
                instant(meta.getDeletionTimestamp()),
                isTrue(conditions, "DisruptionTarget"),
                unscheduled(conditions),
                isTrue(conditions, "PodReadyToStartContainers"),
                told,
                containers(pod, status),
                new PodSeen.Owner(name(meta.getNamespace()), controller(meta)));
    }

    /** The uid of the Job that controls it, or nothing. */
    public static String controller(ObjectMeta meta) {
        return orEmpty(meta.getOwnerReferences()).stream()
                .filter(owner -> Boolean.TRUE.equals(owner.getController()))
                .filter(owner -> "Job".equals(owner.getKind()))
                .map(owner -> name(owner.getUid()))
                .findFirst()
                .orElse("");
    }

    private static boolean isTrue(List<PodCondition> conditions, String type) {
        return conditions.stream()
                .anyMatch(c -> type.equals(c.getType()) && "True".equals(c.getStatus()));
    }

    private static PodSeen.@Nullable Unscheduled unscheduled(List<PodCondition> conditions) {
        return conditions.stream()
                .filter(c -> "PodScheduled".equals(c.getType()) && "False".equals(c.getStatus()))
                .map(SeenReader::unscheduled)
                .flatMap(Optional::stream)
                .findFirst()
                .orElse(null);
    }

    private static Optional<PodSeen.Unscheduled> unscheduled(PodCondition condition) {
        String message = text(condition.getMessage());
        return switch (text(condition.getReason())) {
            case "Unschedulable" ->
                    Optional.of(new PodSeen.Unscheduled(message, PodSeen.Room.UNKNOWN));
            case "SchedulingGated" ->
                    Optional.of(new PodSeen.Unscheduled(message, PodSeen.Room.GATED));
            default -> Optional.empty();
        };
    }

    private static List<PodSeen.ContainerSeen> containers(Pod pod, PodStatus status) {
        Map<String, String> images = new HashMap<>();
        if (pod.getSpec() != null) {
            Stream.concat(
                            orEmpty(pod.getSpec().getInitContainers()).stream(),
                            orEmpty(pod.getSpec().getContainers()).stream())
                    .forEach(c -> images.put(c.getName(), text(c.getImage())));
        }
        Set<String> sidecars = sidecars(pod);
        List<PodSeen.ContainerSeen> seen = new ArrayList<>();
        for (ContainerStatus c : present(status.getInitContainerStatuses())) {
            PodSeen.Kind kind =
                    sidecars.contains(text(c.getName())) ? PodSeen.Kind.SIDECAR : PodSeen.Kind.INIT;
            seen.add(container(c, images.getOrDefault(c.getName(), ""), kind));
        }
        for (ContainerStatus c : present(status.getContainerStatuses())) {
            seen.add(container(c, images.getOrDefault(c.getName(), ""), PodSeen.Kind.MAIN));
        }
        return List.copyOf(seen);
    }

    private static List<ContainerStatus> present(@Nullable List<ContainerStatus> statuses) {
        return orEmpty(statuses).stream().filter(Objects::nonNull).toList();
    }

    private static Set<String> sidecars(Pod pod) {
        return pod.getSpec() == null
                ? Set.of()
                : orEmpty(pod.getSpec().getInitContainers()).stream()
                        .filter(c -> "Always".equals(c.getRestartPolicy()))
                        .map(c -> text(c.getName()))
                        .collect(Collectors.toSet());
    }

    private static PodSeen.ContainerSeen container(
            ContainerStatus status, String image, PodSeen.Kind kind) {
        ContainerState state = status.getState() == null ? new ContainerState() : status.getState();
        ContainerState last =
                status.getLastState() == null ? new ContainerState() : status.getLastState();
        Instant started =
                Stream.of(
                                Optional.ofNullable(state.getRunning()).map(r -> r.getStartedAt()),
                                Optional.ofNullable(state.getTerminated())
                                        .map(t -> t.getStartedAt()),
                                Optional.ofNullable(last.getTerminated())
                                        .map(t -> t.getStartedAt()))
                        .flatMap(Optional::stream)
                        .map(SeenReader::instant)
                        .filter(Objects::nonNull)
                        .filter(at -> at.isAfter(Instant.EPOCH))
                        .min(Instant::compareTo)
                        .orElse(null);
        return new PodSeen.ContainerSeen(
                text(status.getName()),
                image,
                Optional.ofNullable(state.getWaiting())
                        .map(w -> new PodSeen.Waiting(text(w.getReason()), text(w.getMessage())))
                        .orElse(null),
                started,
                Optional.ofNullable(state.getTerminated())
                        .map(t ->
                                new PodSeen.Ended(
                                        t.getExitCode() == null ? -1 : t.getExitCode(),
                                        text(t.getReason()),
                                        text(t.getMessage()),
                                        instant(t.getFinishedAt())))
                        .orElse(null),
                kind);
    }

    static Map<String, String> labels(HasMetadata object) {
        return orEmpty(object.getMetadata().getLabels());
    }

    private static long guard(ObjectMeta meta) {
        return version(meta.getResourceVersion());
    }

    /** Of a list: 0, which is younger than nothing, where it does not say. */
    static long version(@Nullable ListMeta meta) {
        return meta == null ? 0 : version(meta.getResourceVersion());
    }

    private static long version(@Nullable String resourceVersion) {
        try {
            return resourceVersion == null ? 0 : Long.parseLong(resourceVersion);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static int number(@Nullable String text) {
        try {
            return text == null ? 0 : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    public static @Nullable Instant instant(@Nullable String time) {
        try {
            return time == null ? null : OffsetDateTime.parse(time).toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** What Kubernetes itself keeps short, and the annotations that others may write as well. */
    private static String name(@Nullable String text) {
        return BoundedText.of(text, LONGEST_NAME);
    }

    static String text(@Nullable String text) {
        return text == null ? "" : text;
    }

    static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }

    private static Map<String, String> orEmpty(@Nullable Map<String, String> map) {
        return map == null ? Map.of() : map;
    }
}
