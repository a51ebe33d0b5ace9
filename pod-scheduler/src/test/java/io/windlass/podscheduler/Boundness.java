package io.windlass.podscheduler;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Who of a fleet's namespace is bound where, from the moment that a watch says so. */
public final class Boundness implements AutoCloseable {
    /** By uid; one that is ever seen on two nodes counts as torn. */
    private final Map<String, String> nodes = new ConcurrentHashMap<>();

    private final Map<String, String> torn = new ConcurrentHashMap<>();
    private final Watch watch;
    private volatile long firstAt;
    private volatile long lastAt;

    public Boundness(Fleet fleet) {
        watch =
                fleet.client
                        .pods()
                        .inNamespace(fleet.name)
                        .watch(
                                new Watcher<>() {
                                    @Override
                                    public void eventReceived(Action action, Pod pod) {
                                        seen(pod);
                                    }

                                    @Override
                                    public void onClose(WatcherException cause) {
                                        System.out.println(
                                                "the count of bound pods ended: " + cause);
                                    }
                                });
    }

    private void seen(Pod pod) {
        String node = pod.getSpec().getNodeName();
        if (node == null) {
            return;
        }
        String before = nodes.putIfAbsent(pod.getMetadata().getUid(), node);
        if (before == null) {
            lastAt = System.nanoTime();
            firstAt = firstAt == 0 ? lastAt : firstAt;
        } else if (!before.equals(node)) {
            torn.put(pod.getMetadata().getName(), before + " and " + node);
        }
    }

    public int count() {
        return nodes.size();
    }

    public Map<String, String> torn() {
        return torn;
    }

    public long firstAt() {
        return firstAt;
    }

    /** When the last one was seen that had not been before. */
    public long lastAt() {
        return lastAt;
    }

    @Override
    public void close() {
        watch.close();
    }
}
