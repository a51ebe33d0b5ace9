package io.windlass.podevents;

import io.fabric8.kubernetes.api.model.Event;
import io.windlass.cluster.EventReader;
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
        byPod.computeIfAbsent(podUid, uid -> bounded(MOST_EVENTS))
                .put(event.getMetadata().getUid(), EventReader.lean(event));
    }

    synchronized PodSeen.Told of(String podUid) {
        Map<String, Event> events = byPod.get(podUid);
        if (events == null) {
            return PodSeen.Told.NOTHING;
        }
        List<Event> all = List.copyOf(events.values());
        return new PodSeen.Told(false, EventReader.pullsIn(all), EventReader.read(all));
    }

    synchronized void forget(String podUid) {
        byPod.remove(podUid);
    }
}
