package io.windlass.podscheduler.observe;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.windlass.cluster.NodeReader;
import io.windlass.podscheduler.choose.HostPort;
import io.windlass.podscheduler.choose.Load;
import io.windlass.podscheduler.choose.Place;
import io.windlass.podscheduler.choose.PodView;
import io.windlass.podscheduler.choose.Taint;
import io.windlass.podscheduler.choose.Toleration;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Kubernetes' objects into ours. Total: what is missing is read as absent. */
final class PodReader {
    private PodReader() {}

    static PodView view(Pod pod) {
        PodSpec spec = pod.getSpec();
        return new PodView(
                text(pod.getMetadata().getNamespace()),
                text(pod.getMetadata().getName()),
                text(pod.getMetadata().getUid()),
                spec.getPriority() == null ? 0 : spec.getPriority(),
                created(pod),
                orEmpty(pod.getMetadata().getAnnotations()).get(PodView.NODE),
                NodeReader.needs(spec),
                orEmpty(spec.getTolerations()).stream()
                        .map(t ->
                                new Toleration(
                                        text(t.getKey()),
                                        text(t.getOperator()),
                                        text(t.getValue()),
                                        text(t.getEffect())))
                        .toList(),
                ports(spec),
                claims(pod),
                unsupported(spec));
    }

    /** What it takes of its node. */
    static Load load(Pod pod) {
        return new Load(NodeReader.needs(pod.getSpec()).requests(), ports(pod.getSpec()));
    }

    /**
     * Whether it is still to be placed: nobody has, nothing holds it back, it is not on its way
     * out.
     */
    static boolean isWaiting(Pod pod) {
        return pod.getSpec().getNodeName() == null
                && orEmpty(pod.getSpec().getSchedulingGates()).isEmpty()
                && pod.getMetadata().getDeletionTimestamp() == null;
    }

    /** Why it is said not to have been placed. */
    static @Nullable String whyUnplaced(Pod pod) {
        return pod.getStatus() == null
                ? null
                : orEmpty(pod.getStatus().getConditions()).stream()
                        .filter(c -> "PodScheduled".equals(c.getType()))
                        .filter(c -> "False".equals(c.getStatus()))
                        .map(PodCondition::getMessage)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null);
    }

    static Place place(Node node) {
        List<Taint> taints = new ArrayList<>();
        boolean cordoned =
                node.getSpec() != null && Boolean.TRUE.equals(node.getSpec().getUnschedulable());
        boolean ready =
                node.getStatus() != null
                        && orEmpty(node.getStatus().getConditions()).stream()
                                .anyMatch(c ->
                                        "Ready".equals(c.getType())
                                                && "True".equals(c.getStatus()));
        if (cordoned) {
            taints.add(Taint.cordoned());
        }
        if (!ready) {
            taints.add(Taint.notReady());
        }
        if (node.getSpec() != null) {
            orEmpty(node.getSpec().getTaints())
                    .forEach(t ->
                            taints.add(
                                    new Taint(
                                            text(t.getKey()),
                                            text(t.getValue()),
                                            text(t.getEffect()))));
        }
        return new Place(NodeReader.node(node), List.copyOf(taints), Load.NONE);
    }

    private static List<HostPort> ports(PodSpec spec) {
        boolean onHost = Boolean.TRUE.equals(spec.getHostNetwork());
        return containers(spec)
                .flatMap(container -> orEmpty(container.getPorts()).stream())
                .flatMap(port ->
                        Optional.ofNullable(port.getHostPort())
                                .or(() ->
                                        onHost
                                                ? Optional.ofNullable(port.getContainerPort())
                                                : Optional.empty())
                                .filter(number -> number > 0)
                                .map(number ->
                                        new HostPort(
                                                orElse(port.getProtocol(), "TCP"),
                                                orElse(port.getHostIP(), "0.0.0.0"),
                                                number))
                                .stream())
                .distinct()
                .toList();
    }

    /** Those that run beside each other; init containers end before. */
    private static Stream<Container> containers(PodSpec spec) {
        return Stream.concat(
                orEmpty(spec.getContainers()).stream(),
                orEmpty(spec.getInitContainers()).stream()
                        .filter(init -> "Always".equals(init.getRestartPolicy())));
    }

    private static List<String> claims(Pod pod) {
        return orEmpty(pod.getSpec().getVolumes()).stream()
                .map(volume -> claim(pod, volume))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<String> claim(Pod pod, Volume volume) {
        return volume.getEphemeral() != null
                ? Optional.of(pod.getMetadata().getName() + "-" + volume.getName())
                : Optional.ofNullable(volume.getPersistentVolumeClaim())
                        .map(source -> text(source.getClaimName()));
    }

    private static List<String> unsupported(PodSpec spec) {
        List<String> asked = new ArrayList<>();
        if (!orEmpty(spec.getResourceClaims()).isEmpty()) {
            asked.add("resource claims");
        }
        Affinity affinity = spec.getAffinity();
        if (affinity != null
                && affinity.getPodAffinity() != null
                && !orEmpty(
                                affinity.getPodAffinity()
                                        .getRequiredDuringSchedulingIgnoredDuringExecution())
                        .isEmpty()) {
            asked.add("required pod affinity");
        }
        if (affinity != null
                && affinity.getPodAntiAffinity() != null
                && !orEmpty(
                                affinity.getPodAntiAffinity()
                                        .getRequiredDuringSchedulingIgnoredDuringExecution())
                        .isEmpty()) {
            asked.add("required pod anti-affinity");
        }
        if (orEmpty(spec.getTopologySpreadConstraints()).stream()
                .anyMatch(c -> !"ScheduleAnyway".equals(c.getWhenUnsatisfiable()))) {
            asked.add("hard topology spread constraints");
        }
        if (Stream.of("workloadRef", "schedulingGroup")
                .anyMatch(spec.getAdditionalProperties()::containsKey)) {
            asked.add("scheduling as a group");
        }
        return asked;
    }

    private static Instant created(Pod pod) {
        try {
            return Instant.parse(text(pod.getMetadata().getCreationTimestamp()));
        } catch (DateTimeException e) {
            return Instant.EPOCH;
        }
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static String orElse(@Nullable String text, String other) {
        return text == null || text.isEmpty() ? other : text;
    }

    private static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }

    private static Map<String, String> orEmpty(@Nullable Map<String, String> map) {
        return map == null ? Map.of() : map;
    }
}
