package io.windlass.job;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells an outage from images that are wrong one by one: pulls for several jobs, of many different
 * images, that began to fail within a short time.
 */
public record Outages(int images, Duration within) {
    public static final Outages DEFAULT = new Outages(5, Duration.ofMinutes(2));

    private static final int SEVERAL_JOBS = 2;

    public enum Kind {
        REGISTRY,
        NODE
    }

    /** A pod that still waits for its image, for a reason that may pass. */
    public record FailingPull(JobId job, String image, @Nullable String node, Instant since) {}

    private record Place(Kind kind, String name) {}

    public List<Surroundings.Outage> among(List<FailingPull> pulls) {
        Map<Place, List<FailingPull>> byPlace = new HashMap<>();
        for (FailingPull pull : pulls) {
            Place registry = new Place(Kind.REGISTRY, ImageReference.registry(pull.image()));
            byPlace.computeIfAbsent(registry, place -> new ArrayList<>()).add(pull);
            if (pull.node() != null) {
                Place node = new Place(Kind.NODE, pull.node());
                byPlace.computeIfAbsent(node, place -> new ArrayList<>()).add(pull);
            }
        }
        List<Surroundings.Outage> outages = new ArrayList<>();
        byPlace.forEach((place, failing) ->
                begin(failing)
                        .ifPresent(since ->
                                outages.add(
                                        new Surroundings.Outage(
                                                place.kind(), place.name(), since))));
        return outages;
    }

    /** The first of those that began together, if they are enough. */
    private Optional<Instant> begin(List<FailingPull> failing) {
        List<FailingPull> inOrder =
                failing.stream().sorted(Comparator.comparing(FailingPull::since)).toList();
        Map<String, Integer> differentImages = new HashMap<>();
        Map<JobId, Integer> jobs = new HashMap<>();
        int end = 0;
        for (FailingPull first : inOrder) {
            Instant last = first.since().plus(within);
            while (end < inOrder.size() && !inOrder.get(end).since().isAfter(last)) {
                differentImages.merge(inOrder.get(end).image(), 1, Integer::sum);
                jobs.merge(inOrder.get(end).job(), 1, Integer::sum);
                end++;
            }
            if (differentImages.size() >= images && jobs.size() >= SEVERAL_JOBS) {
                return Optional.of(first.since());
            }
            oneLess(differentImages, first.image());
            oneLess(jobs, first.job());
        }
        return Optional.empty();
    }

    private static <K> void oneLess(Map<K, Integer> counts, K key) {
        counts.computeIfPresent(key, (k, count) -> count == 1 ? null : count - 1);
    }
}
