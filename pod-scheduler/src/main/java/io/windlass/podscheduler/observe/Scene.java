package io.windlass.podscheduler.observe;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.windlass.podscheduler.choose.Choice;
import io.windlass.podscheduler.choose.Chooser;
import io.windlass.podscheduler.choose.Load;
import io.windlass.podscheduler.choose.Place;
import io.windlass.podscheduler.choose.PodView;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Nodes, what is taken of them, and the pods that wait: as the watches tell it, with what was just
 * decided on top (assumed), so that a burst does not fill a node twice before the watch has caught
 * up. Each change that could let a pod fit begins a new generation; a pod is tried once in each.
 */
public final class Scene {
    private static final Logger LOG = LoggerFactory.getLogger(Scene.class);

    private record Taken(String node, Load load) {}

    private static final Comparator<Waiting> IN_TURN =
            Comparator.comparingLong((Waiting w) -> -(long) w.pod().priority())
                    .thenComparing(w -> w.pod().created())
                    .thenComparing(w -> w.pod().namespace())
                    .thenComparing(w -> w.pod().name());

    private final String scheduler;
    private final Runnable changed;
    private final LongSupplier nanos;
    private final TreeMap<String, Place> places = new TreeMap<>();
    private final Map<String, Load> loads = new HashMap<>();
    private final Map<String, Taken> taken = new HashMap<>();
    private final Map<String, Waiting> waiting = new HashMap<>();

    /** Of pods, by uid, what was read last. */
    private final Map<String, String> versions = new HashMap<>();

    private final Claims claims = new Claims();
    private long generation = 1;

    /**
     * Empty so far.
     *
     * @param scheduler whose pods wait here
     * @param changed called whenever there may be something to do
     */
    public Scene(String scheduler, Runnable changed, LongSupplier nanos) {
        this.scheduler = scheduler;
        this.changed = changed;
        this.nanos = nanos;
    }

    synchronized void nodeIs(Node node) {
        Place seen = PodReader.place(node);
        Place now = seen.with(loads.getOrDefault(seen.name(), Load.NONE));
        // heartbeats change nothing
        if (!now.equals(places.put(now.name(), now))) {
            beginGeneration();
        }
    }

    synchronized void nodeGone(String name) {
        places.remove(name);
    }

    synchronized void podIs(Pod pod) {
        String uid = pod.getMetadata().getUid();
        versions.put(uid, pod.getMetadata().getResourceVersion());
        try {
            read(pod);
        } catch (RuntimeException e) {
            // one that nobody has thought of is not to hold up the others
            LOG.error(
                    "{}/{} is left alone",
                    pod.getMetadata().getNamespace(),
                    pod.getMetadata().getName(),
                    e);
        }
    }

    private void read(Pod pod) {
        String uid = pod.getMetadata().getUid();
        String node = pod.getSpec().getNodeName();
        if (node != null) {
            waiting.remove(uid);
            take(uid, new Taken(node, PodReader.load(pod)));
        } else if (!PodReader.isWaiting(pod)) {
            waiting.remove(uid);
        } else if (scheduler.equals(pod.getSpec().getSchedulerName())) {
            waits(pod);
        }
    }

    private void waits(Pod pod) {
        PodView view = PodReader.view(pod);
        String version = pod.getMetadata().getResourceVersion();
        String condition = PodReader.whyUnplaced(pod);
        Waiting known = waiting.get(view.uid());
        if (known != null) {
            known.is(view, version, condition);
        } else if (!taken.containsKey(view.uid())) {
            // else it is bound, and this is news from before that
            waiting.put(view.uid(), new Waiting(view, version, condition, nanos.getAsLong()));
        }
        changed.run();
    }

    synchronized void podGone(String uid) {
        versions.remove(uid);
        waiting.remove(uid);
        if (taken.containsKey(uid)) {
            take(uid, null);
        }
    }

    synchronized void claimIs(PersistentVolumeClaim claim) {
        if (claims.claimIs(claim)) {
            beginGeneration();
        }
    }

    synchronized void claimGone(PersistentVolumeClaim claim) {
        claims.claimGone(claim);
    }

    synchronized void volumeIs(PersistentVolume volume) {
        if (claims.volumeIs(volume)) {
            beginGeneration();
        }
    }

    synchronized void volumeGone(PersistentVolume volume) {
        claims.volumeGone(volume);
    }

    private void take(String uid, @Nullable Taken now) {
        Taken before = now == null ? taken.remove(uid) : taken.put(uid, now);
        if (before != null && before.equals(now)) {
            return;
        }
        if (before != null) {
            load(before.node(), loads.getOrDefault(before.node(), Load.NONE).minus(before.load()));
            beginGeneration();
        }
        if (now != null) {
            load(now.node(), loads.getOrDefault(now.node(), Load.NONE).plus(now.load()));
        }
    }

    private void load(String node, Load load) {
        loads.put(node, load);
        places.computeIfPresent(node, (name, place) -> place.with(load));
    }

    /** Everybody who waits is tried again. */
    public synchronized void beginGeneration() {
        generation++;
        changed.run();
    }

    /**
     * Sets right what a watch may have missed while it was made anew: what is in no cache any more
     * is gone.
     */
    synchronized void reconcile(
            Collection<Node> nodes,
            Collection<Pod> pods,
            Collection<PersistentVolumeClaim> allClaims,
            Collection<PersistentVolume> volumes) {
        Set<String> names = new HashSet<>();
        nodes.forEach(node -> names.add(node.getMetadata().getName()));
        places.keySet().retainAll(names);
        nodes.forEach(this::nodeIs);
        Set<String> uids = new HashSet<>();
        pods.forEach(pod -> uids.add(pod.getMetadata().getUid()));
        Set<String> known = new HashSet<>(versions.keySet());
        known.addAll(taken.keySet());
        known.removeAll(uids);
        known.forEach(this::podGone);
        pods.stream().filter(this::isNews).forEach(this::podIs);
        loads.entrySet().removeIf(this::isOfNobody);
        claims.clear();
        allClaims.forEach(claims::claimIs);
        volumes.forEach(claims::volumeIs);
        beginGeneration();
    }

    private boolean isNews(Pod pod) {
        return !pod.getMetadata()
                .getResourceVersion()
                .equals(versions.get(pod.getMetadata().getUid()));
    }

    private boolean isOfNobody(Map.Entry<String, Load> ofNode) {
        return !places.containsKey(ofNode.getKey())
                && ofNode.getValue().amounts().values().stream().allMatch(a -> a.signum() == 0);
    }

    /** Those to be tried now: higher priorities first, then the oldest. */
    public synchronized List<Waiting> due() {
        long now = nanos.getAsLong();
        return waiting.values().stream()
                .filter(w -> w.isDue(generation, now))
                .sorted(IN_TURN)
                .toList();
    }

    /** How long until one is due that was refused. */
    public synchronized Duration untilDue(Duration atMost) {
        long now = nanos.getAsLong();
        return waiting.values().stream()
                .mapToLong(w -> w.restNanos(generation, now))
                .mapToObj(Duration::ofNanos)
                .min(Comparator.naturalOrder())
                .filter(rest -> rest.compareTo(atMost) < 0)
                .orElse(atMost);
    }

    public synchronized int waiting() {
        return waiting.size();
    }

    /** Chooses a place for it and takes that place at once. */
    public synchronized Choice place(Waiting one, Chooser chooser) {
        PodView pod = one.pod();
        if (waiting.get(pod.uid()) != one) {
            return new Choice.Wait("it is gone");
        }
        one.isTried(generation, false);
        Choice choice = chooser.choose(pod, claims.of(pod), places.values());
        if (choice instanceof Choice.Bind bind) {
            one.isTried(generation, true);
            take(pod.uid(), new Taken(bind.node(), pod.load()));
        }
        return choice;
    }

    /** The API server has taken the binding. */
    public synchronized void isBound(Waiting one) {
        waiting.remove(one.pod().uid(), one);
    }

    /** It has not: what was assumed is void, and it may be tried again after a while. */
    public synchronized void isRefused(Waiting one, Duration rest) {
        String uid = one.pod().uid();
        if (waiting.get(uid) == one) {
            take(uid, null);
            one.isRefused(nanos.getAsLong() + rest.toNanos());
        }
    }

    /** It is known to be deleted, before the watch has said so. */
    public synchronized void isGone(Waiting one) {
        podGone(one.pod().uid());
    }

    /** Whether it waited for something else until now. */
    public synchronized boolean isNews(Waiting one, String why) {
        return one.isNews(why);
    }

    /** Whether its condition is to say so from now on. */
    public synchronized boolean isToBeTold(Waiting one, String why) {
        return isWaiting(one) && one.isToBeTold(why, nanos.getAsLong());
    }

    /** Whether it is still to be placed. */
    public synchronized boolean isWaiting(Waiting one) {
        return waiting.get(one.pod().uid()) == one;
    }
}
