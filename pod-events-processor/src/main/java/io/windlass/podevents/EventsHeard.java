package io.windlass.podevents;

import io.fabric8.kubernetes.api.model.Event;
import io.windlass.cluster.EventReader;
import io.windlass.job.EventSignals;
import io.windlass.job.PodSeen;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What events have told of each pod, so that it goes along with what the pod itself shows. Bounded,
 * and lost at a restart: a look reads them again by itself.
 */
final class EventsHeard {
    private static final int MOST_PODS = 10_000;
    private static final int MOST_EVENTS = 10;

    private final Map<String, Map<String, Event>> byPod = bounded(MOST_PODS);
    private final Map<String, Integer> triedAgain = bounded(MOST_PODS);

    private static <V> Map<String, V> bounded(int most) {
        return new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                return size() > most;
            }
        };
    }

    synchronized void heard(String podUid, Event event) {
        Map<String, Event> events = byPod.computeIfAbsent(podUid, uid -> new LinkedHashMap<>());
        events.put(event.getMetadata().getUid(), EventReader.lean(event));
        if (events.size() > MOST_EVENTS) {
            events.remove(
                    events.entrySet().stream()
                            .filter(e -> !EventSignals.aNodeComes(reason(e.getValue())))
                            .map(Map.Entry::getKey)
                            .findFirst()
                            .orElseGet(() -> events.keySet().iterator().next()));
        }
    }

    private static String reason(Event event) {
        return event.getReason() == null ? "" : event.getReason();
    }

    /** A kubelet has tried again to pull, after it had waited. */
    synchronized void pulledAgain(String podUid) {
        triedAgain.merge(podUid, 1, Integer::sum);
    }

    synchronized PodSeen.Told of(String podUid) {
        List<Event> all = List.copyOf(byPod.getOrDefault(podUid, Map.of()).values());
        int pulls = Math.max(EventReader.pullsIn(all), pullsSeen(podUid));
        return new PodSeen.Told(false, pulls, EventReader.read(all));
    }

    /** By the pod itself: the first, and those after a wait. */
    private int pullsSeen(String podUid) {
        Integer again = triedAgain.get(podUid);
        return again == null ? 0 : 1 + again;
    }

    synchronized void forget(String podUid) {
        byPod.remove(podUid);
        triedAgain.remove(podUid);
    }
}
