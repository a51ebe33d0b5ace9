package io.windlass.podscheduler.choose;

import io.windlass.job.NodeFit;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What keeps a pod off a node, in the words of Kubernetes' own scheduler. */
final class Obstacles {
    private Obstacles() {}

    /** None where the pod fits; else those of the first kind, as only these are told. */
    static List<String> of(PodView pod, Volumes volumes, Place place) {
        Optional<Taint> taint =
                place.taints().stream()
                        .filter(Taint::repels)
                        .filter(t -> pod.tolerations().stream().noneMatch(o -> o.tolerates(t)))
                        .findFirst();
        if (taint.isPresent()) {
            return List.of(taint.get().complaint());
        }
        if (!NodeFit.isChosen(pod.needs(), place.node())) {
            return List.of("node(s) didn't match Pod's node affinity/selector");
        }
        if (pod.ports().stream()
                .anyMatch(port -> place.load().ports().stream().anyMatch(port::clashesWith))) {
            return List.of("node(s) didn't have free ports for the requested pod ports");
        }
        if (!volumes.reach(place.node())) {
            return List.of("node(s) didn't match PersistentVolume's node affinity");
        }
        return lacking(pod, place);
    }

    private static List<String> lacking(PodView pod, Place place) {
        List<String> lacking = new ArrayList<>();
        pod.needs()
                .requests()
                .forEach((resource, asked) -> {
                    if (asked.signum() > 0 && asked.compareTo(free(place, resource)) > 0) {
                        lacking.add(
                                resource.equals("pods")
                                        ? "Too many pods"
                                        : "Insufficient " + resource);
                    }
                });
        lacking.sort(Comparator.naturalOrder());
        return lacking;
    }

    private static BigDecimal free(Place place, String resource) {
        return place.node()
                .allocatable()
                .getOrDefault(resource, BigDecimal.ZERO)
                .subtract(place.load().of(resource));
    }
}
