package io.windlass.gateway;

import io.micrometer.core.instrument.MeterRegistry;
import io.windlass.job.BoundedText;
import io.windlass.job.JobId;
import io.windlass.service.Machine;
import io.windlass.store.LogShelf;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which nodes give no logs at all: simulated ones, and those that the API server cannot reach. That
 * is known of a node, and not of a container, once pods of several jobs were refused alike for
 * longer than a kubelet takes to start; a node that has ever given a log is none of them.
 */
@Singleton
final class NodesWithoutLogs {
    static final int JOBS = 3;
    static final Duration APART = Duration.ofMinutes(2);
    private static final Duration FORGOTTEN = Duration.ofMinutes(10);
    private static final Duration UNHEARD = Duration.ofDays(1);
    private static final int MOST_NODES = 10_000;
    private static final int MOST_ANSWERS = 8;
    private static final int MOST_TOLD = 100;
    private static final int LONGEST_ANSWER = 300;

    private final LongSupplier nanos;
    private final Map<String, Node> nodes = new LinkedHashMap<>(16, 0.75f, true);

    @Inject
    NodesWithoutLogs(Machine machine, MeterRegistry metrics) {
        this(machine::nanoTime);
        metrics.gauge("windlass.logs.nodes.without", this, all -> all.known().size());
    }

    NodesWithoutLogs(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** What is known of one node. */
    private static final class Node {
        private final Map<String, Refused> refused = new HashMap<>();
        private boolean gave;
        private @Nullable String answer;
        private Instant since = Instant.EPOCH;
        private long heard;
    }

    /** Of whom it was asked that got the same answer. */
    private static final class Refused {
        private final Set<JobId> jobs = new HashSet<>();
        private final long first;
        private long last;

        Refused(long now) {
            first = now;
            last = now;
        }
    }

    /** It has an answer to give: a log, if an empty one. */
    synchronized void gave(String name) {
        Node node = heard(name);
        node.gave = true;
        node.answer = null;
        node.refused.clear();
    }

    /** True where nothing else is to be expected of it. */
    synchronized boolean refused(String name, JobId job, String answer) {
        Node node = heard(name);
        if (node.gave) {
            return false;
        }
        if (node.answer == null && isSettled(node, job, answer)) {
            node.answer = answer;
            node.since = Instant.now();
            node.refused.clear();
        }
        return answer.equals(node.answer);
    }

    private boolean isSettled(Node node, JobId job, String answer) {
        long now = nanos.getAsLong();
        node.refused.values().removeIf(r -> now - r.last > FORGOTTEN.toNanos());
        if (node.refused.size() == MOST_ANSWERS && !node.refused.containsKey(answer)) {
            return false;
        }
        Refused refused = node.refused.computeIfAbsent(answer, _ -> new Refused(now));
        if (refused.jobs.size() < JOBS) {
            refused.jobs.add(job);
        }
        refused.last = now;
        return refused.jobs.size() == JOBS && now - refused.first >= APART.toNanos();
    }

    private Node heard(String name) {
        Node node = nodes.computeIfAbsent(name, _ -> new Node());
        node.heard = nanos.getAsLong();
        if (nodes.size() > MOST_NODES) {
            nodes.remove(nodes.keySet().iterator().next());
        }
        return node;
    }

    synchronized boolean isOne(@Nullable String name) {
        Node node = name == null ? null : nodes.get(name);
        return node != null && node.answer != null;
    }

    synchronized List<LogShelf.NodeWithoutLogs> known() {
        long now = nanos.getAsLong();
        nodes.values().removeIf(n -> now - n.heard > UNHEARD.toNanos());
        return nodes.entrySet().stream()
                .filter(e -> e.getValue().answer != null)
                .map(e ->
                        new LogShelf.NodeWithoutLogs(
                                e.getKey(),
                                BoundedText.of(
                                        Objects.requireNonNull(e.getValue().answer),
                                        LONGEST_ANSWER),
                                e.getValue().since))
                .toList();
    }

    /** Of many the first: what a gateway's row has room for. */
    List<LogShelf.NodeWithoutLogs> told() {
        return known().stream().limit(MOST_TOLD).toList();
    }
}
