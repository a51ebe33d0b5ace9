package io.windlass.podscheduler.choose;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What says where a pod belongs. Labels of nodes come first, the longer form before the shorter,
 * then the pod's own annotation, then the rules in their order: whoever labels a node speaks of
 * that pod and that node, a rule of many.
 *
 * @param shortEverywhere whether the form without a namespace is taken in all namespaces, not only
 *     in the default one
 */
public record Names(String scheduler, boolean shortEverywhere, List<Rule> rules) {
    /**
     * Where it belongs.
     *
     * @param anyOf whether one may choose among them; else more than one is a contradiction
     */
    record Named(String by, List<Place> places, boolean anyOf) {}

    public Names with(List<Rule> others) {
        return new Names(scheduler, shortEverywhere, others);
    }

    Optional<Named> of(PodView pod, Collection<Place> places) {
        return Stream.of(longForms(pod), shortForms(pod))
                .map(keys -> labelled(keys, places))
                .flatMap(Optional::stream)
                .findFirst()
                .or(() -> annotated(pod, places))
                .or(() -> ruled(pod, places));
    }

    List<String> longForms(PodView pod) {
        return List.of(
                "rf.scheduler." + scheduler + "." + pod.namespace() + "/" + pod.name(),
                scheduler + "." + pod.namespace() + ".pods.windlass.io/" + pod.name());
    }

    List<String> shortForms(PodView pod) {
        return shortEverywhere || pod.namespace().equals("default")
                ? List.of("rf.scheduler." + scheduler + "/" + pod.name())
                : List.of();
    }

    private static Optional<Named> labelled(List<String> keys, Collection<Place> places) {
        List<Place> named =
                places.stream()
                        .filter(p -> keys.stream().anyMatch(p.node().labels()::containsKey))
                        .toList();
        return named.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Named(
                                "label "
                                        + keys.stream()
                                                .filter(
                                                        named.getFirst().node().labels()
                                                                ::containsKey)
                                                .findFirst()
                                                .orElseThrow(),
                                named,
                                false));
    }

    private static Optional<Named> annotated(PodView pod, Collection<Place> places) {
        return Optional.ofNullable(pod.wantedNode())
                .map(wanted ->
                        new Named(
                                "annotation " + PodView.NODE + "=" + wanted,
                                places.stream().filter(p -> p.name().equals(wanted)).toList(),
                                false));
    }

    private Optional<Named> ruled(PodView pod, Collection<Place> places) {
        return rules.stream()
                .map(rule -> rule.appliedTo(pod))
                .flatMap(Optional::stream)
                .findFirst()
                .map(rule ->
                        new Named(
                                "rule " + rule.pods(),
                                places.stream().filter(rule::names).toList(),
                                true));
    }
}
