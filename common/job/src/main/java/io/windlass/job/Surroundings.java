package io.windlass.job;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What goes on around a job whose image cannot be pulled.
 *
 * @param outages of the job's cluster that are on, or were over just now
 * @param startedLately those of its images that started somewhere within a day
 */
public record Surroundings(List<Outage> outages, Set<String> startedLately) {
    public static final Surroundings NONE = new Surroundings(List.of(), Set.of());

    /** Pulls of many images fail for one registry, or on one node. */
    public record Outage(Outages.Kind kind, String name, Instant since) {
        String told() {
            return switch (kind) {
                case REGISTRY -> "pulls of many images from " + name + " fail since " + since;
                case NODE -> "pulls of many images on node " + name + " fail since " + since;
            };
        }
    }

    /** What holds up the verdict about a pod: its pull may be as good as the others'. */
    Optional<Outage> holds(PodRecord pod) {
        String image = pod.image();
        boolean mayPass =
                pod.waitClass() == WaitClass.IMAGE_PULL_FAILED
                        || (pod.waitClass() == WaitClass.IMAGE_NOT_FOUND
                                && image != null
                                && startedLately.contains(image));
        if (!mayPass) {
            return Optional.empty();
        }
        return outages.stream()
                .filter(outage ->
                        switch (outage.kind()) {
                            case REGISTRY ->
                                    image != null
                                            && ImageReference.registry(image).equals(outage.name());
                            case NODE -> outage.name().equals(pod.node());
                        })
                .findFirst();
    }
}
