package io.windlass.harness;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The instants at which the Jobs of a namespace got their end, as a watch of the test's own sees
 * them. The conditions themselves tell whole seconds only.
 */
public final class EndWatch implements AutoCloseable {
    private static final Set<String> ENDS = Set.of("Complete", "Failed");

    private final Map<String, Long> ends = new ConcurrentHashMap<>();
    private final Watch watch;

    private EndWatch(Cluster cluster) {
        watch =
                tell(
                        cluster,
                        job ->
                                ends.putIfAbsent(
                                        job.getMetadata().getLabels().get("windlass.io/job-id"),
                                        System.nanoTime()));
    }

    public static EndWatch of(Cluster cluster) {
        return new EndWatch(cluster);
    }

    /** By the id of Windlass, in {@link System#nanoTime()}. */
    public Optional<Long> endOf(String id) {
        return Optional.ofNullable(ends.get(id));
    }

    @Override
    public void close() {
        watch.close();
    }

    /** Tells each ended Job of the namespace, at each change. */
    public static Watch tell(Cluster cluster, Consumer<Job> then) {
        return cluster.client()
                .batch()
                .v1()
                .jobs()
                .inNamespace(cluster.namespace())
                .watch(
                        new Watcher<>() {
                            @Override
                            public void eventReceived(Action action, Job job) {
                                if (ended(job)) {
                                    then.accept(job);
                                }
                            }

                            @Override
                            public void onClose(WatcherException cause) {
                                throw new IllegalStateException(cause);
                            }
                        });
    }

    private static boolean ended(Job job) {
        return job.getStatus().getConditions().stream()
                .anyMatch(c -> ENDS.contains(c.getType()) && c.getStatus().equals("True"));
    }
}
