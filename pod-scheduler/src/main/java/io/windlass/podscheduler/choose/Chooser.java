package io.windlass.podscheduler.choose;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** Picks a node for a pod, or says why none will do. */
public record Chooser(Policy policy, Names names, RandomGenerator random) {
    /**
     * What is to become of it.
     *
     * @param places all nodes, by name
     */
    public Choice choose(PodView pod, Volumes volumes, Collection<Place> places) {
        if (!pod.unsupported().isEmpty()) {
            return new Choice.Wait(
                    "not supported by this scheduler: " + String.join(", ", pod.unsupported()));
        }
        if (!volumes.troubles().isEmpty()) {
            return new Choice.Wait(String.join(", ", volumes.troubles()));
        }
        Optional<Names.Named> named =
                policy.asksForNames() ? names.of(pod, places) : Optional.empty();
        if (named.isPresent()) {
            return amongNamed(pod, volumes, named.get());
        }
        return policy == Policy.STATIC
                ? new Choice.Wait(nothingNamesOne(pod))
                : amongAll(pod, volumes, places);
    }

    private Choice amongNamed(PodView pod, Volumes volumes, Names.Named named) {
        List<Place> fits = fits(pod, volumes, named.places());
        if (fits.isEmpty()) {
            return new Choice.Wait(whyNoneOf(pod, volumes, named));
        }
        if (named.anyOf()) {
            return new Choice.Bind(best(pod, fits, Policy.SPREAD).name(), null);
        }
        String first = fits.getFirst().name();
        return new Choice.Bind(
                first,
                named.places().size() == 1
                        ? null
                        : "%d nodes are named by %s (%s); %s is the first that fits"
                                .formatted(
                                        named.places().size(),
                                        named.by(),
                                        named.places().stream()
                                                .map(Place::name)
                                                .collect(Collectors.joining(", ")),
                                        first));
    }

    private Choice amongAll(PodView pod, Volumes volumes, Collection<Place> places) {
        List<Place> fits = fits(pod, volumes, places);
        return fits.isEmpty()
                ? new Choice.Wait(counted(pod, volumes, places))
                : new Choice.Bind(best(pod, fits, policy).name(), null);
    }

    private static List<Place> fits(PodView pod, Volumes volumes, Collection<Place> places) {
        return places.stream()
                .filter(place -> Obstacles.of(pod, volumes, place).isEmpty())
                .toList();
    }

    private Place best(PodView pod, List<Place> fits, Policy by) {
        if (by == Policy.RANDOM) {
            return fits.get(random.nextInt(fits.size()));
        }
        int sign = by == Policy.BINPACK ? -1 : 1;
        Set<String> resources = new HashSet<>(pod.needs().requests().keySet());
        resources.addAll(List.of("cpu", "memory", "pods"));
        // the first by name where they are equal
        return fits.stream()
                .min(Comparator.comparingDouble(place -> sign * fullness(pod, resources, place)))
                .orElseThrow();
    }

    /**
     * With the pod on it: the mean share of what is taken, over what everybody needs and it asks.
     */
    private static double fullness(PodView pod, Set<String> resources, Place place) {
        double sum = 0;
        for (String resource : resources) {
            BigDecimal all = place.node().allocatable().get(resource);
            if (all != null && all.signum() > 0) {
                BigDecimal asked = pod.needs().requests().getOrDefault(resource, BigDecimal.ZERO);
                sum += place.load().of(resource).add(asked).doubleValue() / all.doubleValue();
            }
        }
        return sum / resources.size();
    }

    private String nothingNamesOne(PodView pod) {
        List<String> labels = new ArrayList<>(names.longForms(pod));
        labels.addAll(names.shortForms(pod));
        return "no node is named: none has the label "
                + String.join(" or ", labels)
                + ", the pod has no annotation "
                + PodView.NODE
                + ", and no rule is for it";
    }

    private static String whyNoneOf(PodView pod, Volumes volumes, Names.Named named) {
        if (named.places().isEmpty()) {
            return named.by() + " names a node that is not there";
        }
        return "0/%d nodes that %s names are available: %s."
                .formatted(
                        named.places().size(),
                        named.by(),
                        named.places().stream()
                                .map(place ->
                                        place.name()
                                                + ": "
                                                + String.join(
                                                        ", ", Obstacles.of(pod, volumes, place)))
                                .collect(Collectors.joining("; ")));
    }

    /** As Kubernetes' own scheduler puts it. */
    private static String counted(PodView pod, Volumes volumes, Collection<Place> places) {
        if (places.isEmpty()) {
            return "no nodes available to schedule pods";
        }
        Map<String, Integer> counts = new TreeMap<>();
        places.forEach(place ->
                Obstacles.of(pod, volumes, place)
                        .forEach(obstacle -> counts.merge(obstacle, 1, Integer::sum)));
        return "0/%d nodes are available: %s."
                .formatted(
                        places.size(),
                        counts.entrySet().stream()
                                .map(e -> e.getValue() + " " + e.getKey())
                                .sorted()
                                .collect(Collectors.joining(", ")));
    }
}
