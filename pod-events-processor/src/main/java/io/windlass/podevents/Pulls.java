package io.windlass.podevents;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often each pod has pulled, as its events tell; bounded, since a look counts again by itself.
 */
final class Pulls {
    private static final int MOST_PODS = 20_000;

    private final Map<String, Integer> byPod =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
                    return size() > MOST_PODS;
                }
            };

    /** True where it is more than was known. */
    synchronized boolean counted(String podUid, int pulls) {
        Integer known = byPod.get(podUid);
        if (known != null && known >= pulls) {
            return false;
        }
        byPod.put(podUid, pulls);
        return true;
    }

    synchronized int of(String podUid) {
        return byPod.getOrDefault(podUid, 0);
    }

    synchronized void forget(String podUid) {
        byPod.remove(podUid);
    }
}
