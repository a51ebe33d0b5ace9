package io.windlass.e2e;

import java.util.Map;
import java.util.TreeMap;

/** How often each thing was counted, in the order of their names. Many threads may add. */
final class Counts {
    private final Map<String, Long> byName = new TreeMap<>();

    synchronized void add(String name, long more) {
        byName.merge(name, more, Long::sum);
    }

    synchronized long of(String name) {
        return byName.getOrDefault(name, 0L);
    }

    synchronized Map<String, Long> all() {
        return new TreeMap<>(byName);
    }

    synchronized void clear() {
        byName.clear();
    }
}
