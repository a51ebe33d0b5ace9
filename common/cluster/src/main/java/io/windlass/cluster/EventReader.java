package io.windlass.cluster;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.windlass.job.BoundedText;
import io.windlass.job.EventSeen;
import io.windlass.job.EventSignals;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Kubernetes' events into ours. Total: whatever is missing or odd is read as absent. */
public final class EventReader {
    private static final int MOST = 10;
    private static final int LONGEST = 1_100;
    private static final String COMBINED = "(combined from similar events): ";

    /** Nothing that still happens is this much older than what was told of the same object last. */
    private static final Duration OLD = Duration.ofMinutes(6);

    private EventReader() {}

    private record Timed(EventSeen event, Instant at) {}

    /** Of one object: the newest, newest first; what is old beside them is left out. */
    public static List<EventSeen> read(List<Event> events) {
        List<Timed> timed = new ArrayList<>();
        for (Event event : events) {
            timed.add(new Timed(read(event), at(event)));
        }
        timed.sort(Comparator.comparing(Timed::at).reversed());
        List<EventSeen> newest =
                timed.stream()
                        .filter(one -> !one.at().isBefore(timed.getFirst().at().minus(OLD)))
                        .limit(MOST)
                        .map(Timed::event)
                        .toList();
        return withTheNodeThatComes(newest, timed);
    }

    /** That a node comes is said once, and holds for longer than others are believed. */
    private static List<EventSeen> withTheNodeThatComes(List<EventSeen> newest, List<Timed> all) {
        if (newest.stream().anyMatch(event -> EventSignals.aNodeComes(event.reason()))) {
            return newest;
        }
        return all.stream()
                .map(Timed::event)
                .filter(event -> EventSignals.aNodeComes(event.reason()))
                .findFirst()
                .map(event ->
                        Stream.concat(newest.stream().limit(MOST - 1), Stream.of(event)).toList())
                .orElse(newest);
    }

    /** No more of it than is read here: one may be a hundred times as large. */
    public static Event lean(Event event) {
        ObjectMeta meta = new ObjectMeta();
        if (event.getMetadata() != null) {
            meta.setUid(event.getMetadata().getUid());
            meta.setCreationTimestamp(event.getMetadata().getCreationTimestamp());
        }
        Event lean = new Event();
        lean.setMetadata(meta);
        lean.setReason(event.getReason());
        lean.setMessage(BoundedText.of(event.getMessage(), LONGEST));
        lean.setCount(event.getCount());
        lean.setSeries(event.getSeries());
        lean.setEventTime(event.getEventTime());
        lean.setFirstTimestamp(event.getFirstTimestamp());
        lean.setLastTimestamp(event.getLastTimestamp());
        return lean;
    }

    private static EventSeen read(Event event) {
        String message = SeenReader.text(event.getMessage());
        return new EventSeen(
                SeenReader.text(event.getReason()),
                message.startsWith(COMBINED) ? message.substring(COMBINED.length()) : message,
                count(event));
    }

    /** How many pulls an event tells of. */
    static int pullsIn(Event event) {
        return "Pulling".equals(event.getReason()) ? (int) Math.min(count(event), 1_000) : 0;
    }

    public static int pullsIn(List<Event> events) {
        return events.stream().mapToInt(EventReader::pullsIn).sum();
    }

    private static long count(Event event) {
        Integer series = event.getSeries() == null ? null : event.getSeries().getCount();
        Integer count = series == null ? event.getCount() : series;
        return count == null ? 1 : Math.max(1, count);
    }

    private static Instant at(Event event) {
        return Stream.of(
                        event.getSeries() == null || event.getSeries().getLastObservedTime() == null
                                ? null
                                : event.getSeries().getLastObservedTime().getTime(),
                        event.getLastTimestamp(),
                        event.getEventTime() == null ? null : event.getEventTime().getTime(),
                        event.getFirstTimestamp(),
                        event.getMetadata() == null
                                ? null
                                : event.getMetadata().getCreationTimestamp())
                .map(SeenReader::instant)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(Instant.EPOCH);
    }
}
