package io.windlass.service;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A bounded map in which the latest of each key wins: what cannot be sent fast enough is replaced,
 * not queued.
 */
public final class Batcher<K, V> {
    private final int bound;
    private final Map<K, V> waiting = new LinkedHashMap<>();
    private long dropped;

    public Batcher(int bound) {
        this.bound = bound;
    }

    /** Never blocks. Beyond the bound the oldest goes: whoever misses it finds it by looking. */
    public synchronized void put(K key, V value) {
        if (waiting.remove(key) == null && waiting.size() >= bound) {
            K oldest = waiting.keySet().iterator().next();
            waiting.remove(oldest);
            dropped++;
        }
        waiting.put(key, value);
    }

    public synchronized Map<K, V> take(int most) {
        Map<K, V> taken = new LinkedHashMap<>();
        List<K> keys = new ArrayList<>(waiting.keySet());
        for (K key : keys.subList(0, Math.min(most, keys.size()))) {
            V value = waiting.remove(key);
            if (value != null) {
                taken.put(key, value);
            }
        }
        return taken;
    }

    /** What could not be sent; newer values of the same keys stay. */
    public synchronized void giveBack(Map<K, V> untaken) {
        untaken.forEach((key, value) -> {
            if (waiting.size() < bound) {
                waiting.putIfAbsent(key, value);
            } else {
                dropped++;
            }
        });
    }

    public synchronized int size() {
        return waiting.size();
    }

    public synchronized long dropped() {
        return dropped;
    }
}
