package io.windlass.standalone.localcluster;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * All objects, their versions, and what happened lately: the part of etcd and of the API server's
 * watch cache.
 */
final class ObjectStore {
    private static final int HISTORY = 20_000;

    /** What happened to an object; {@code before} is null where it was made. */
    record Change(long version, @Nullable Stored before, Stored after, boolean gone) {}

    /** Objects in the order of their names, and the version as of which that was so. */
    record Listing(List<Stored> objects, long version) {}

    private final Map<Kind, Map<String, Stored>> objects = new EnumMap<>(Kind.class);
    private final Deque<Change> history = new ArrayDeque<>();
    private final List<Consumer<Change>> listeners = new CopyOnWriteArrayList<>();
    // versions must not go back when the process begins again
    private long version = System.currentTimeMillis() * 1_000;

    ObjectStore() {
        for (Kind kind : Kind.values()) {
            objects.put(kind, new TreeMap<>());
        }
    }

    private Map<String, Stored> of(Kind kind) {
        Map<String, Stored> map = objects.get(kind);
        if (map == null) {
            throw new IllegalStateException("no such kind: " + kind);
        }
        return map;
    }

    private static String key(String namespace, String name) {
        return namespace + "/" + name;
    }

    /** Called with every change, in order, under the store's lock: to be quick about it. */
    void listen(Consumer<Change> listener) {
        listeners.add(listener);
    }

    synchronized Optional<Stored> find(Kind kind, String namespace, String name) {
        return Optional.ofNullable(of(kind).get(key(namespace, name)));
    }

    synchronized Listing list(Kind kind, @Nullable String namespace, Predicate<Stored> selector) {
        List<Stored> found =
                of(kind).values().stream()
                        .filter(o -> namespace == null || o.namespace().equals(namespace))
                        .filter(selector)
                        .toList();
        return new Listing(found, version);
    }

    synchronized long version() {
        return version;
    }

    /**
     * All changes after a version, and the listener from there on; or empty where that is too long
     * ago.
     */
    synchronized Optional<List<Change>> follow(long after, Consumer<Change> listener) {
        if (!history.isEmpty() && after < history.peekFirst().version() - 1) {
            return Optional.empty();
        }
        List<Change> missed = history.stream().filter(c -> c.version() > after).toList();
        listeners.add(listener);
        return Optional.of(missed);
    }

    /** All that is there, as if it had just been made, and the listener from there on. */
    synchronized List<Change> followFromHere(Kind kind, Consumer<Change> listener) {
        listeners.add(listener);
        return of(kind).values().stream()
                .map(object -> new Change(object.version(), null, object, false))
                .toList();
    }

    void unfollow(Consumer<Change> listener) {
        listeners.remove(listener);
    }

    Stored create(Stored object) {
        return create(object, UUID.randomUUID().toString());
    }

    synchronized Stored create(Stored object, String uid) {
        String key = key(object.namespace(), object.name());
        if (of(object.kind()).containsKey(key)) {
            throw ApiException.alreadyExists(object.kind(), object.name());
        }
        Stored made =
                object.withMetadata("uid", uid)
                        .withMetadata("creationTimestamp", now())
                        .withMetadata("generation", 1);
        return put(null, made);
    }

    /** Changes what is there; the change gets the present version and answers the next. */
    synchronized Stored update(
            Kind kind, String namespace, String name, UnaryOperator<Stored> change) {
        Stored before =
                find(kind, namespace, name).orElseThrow(() -> ApiException.notFound(kind, name));
        Stored after =
                change.apply(before)
                        .withMetadata("uid", before.uid())
                        .withMetadata(
                                "creationTimestamp", before.metadata().get("creationTimestamp"))
                        .withMetadata(
                                "deletionTimestamp", before.metadata().get("deletionTimestamp"));
        if (after.tree().equals(before.tree())) {
            return before;
        }
        if (after.deleting() && after.finalizers().isEmpty()) {
            return remove(after);
        }
        return put(before, after);
    }

    /** Gone at once, or marked where finalizers or a grace keep it. */
    synchronized Stored delete(
            Kind kind,
            String namespace,
            String name,
            @Nullable String uid,
            UnaryOperator<Stored> prepare,
            boolean keep) {
        Stored before =
                find(kind, namespace, name).orElseThrow(() -> ApiException.notFound(kind, name));
        if (uid != null && !uid.equals(before.uid())) {
            throw ApiException.anotherUid(kind, name, uid, before.uid());
        }
        Stored prepared = prepare.apply(before);
        if (!keep && prepared.finalizers().isEmpty()) {
            return remove(prepared);
        }
        return before.deleting() && prepared.tree().equals(before.tree())
                ? before
                : put(
                        before,
                        before.deleting()
                                ? prepared
                                : prepared.withMetadata("deletionTimestamp", now()));
    }

    private Stored put(@Nullable Stored before, Stored after) {
        Stored stored = after.withMetadata("resourceVersion", Long.toString(++version));
        of(stored.kind()).put(key(stored.namespace(), stored.name()), stored);
        tell(new Change(version, before, stored, false));
        return stored;
    }

    private Stored remove(Stored object) {
        Stored last = object.withMetadata("resourceVersion", Long.toString(++version));
        Stored before = of(object.kind()).remove(key(object.namespace(), object.name()));
        tell(new Change(version, before, last, true));
        return last;
    }

    private void tell(Change change) {
        history.addLast(change);
        if (history.size() > HISTORY) {
            history.removeFirst();
        }
        listeners.forEach(listener -> listener.accept(change));
    }

    static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    static Map<String, @Nullable Object> metadata(String namespace, String name) {
        Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
        metadata.put("name", name);
        if (!namespace.isEmpty()) {
            metadata.put("namespace", namespace);
        }
        return metadata;
    }

    List<Stored> owned(Kind kind, String namespace, String ownerUid) {
        return new ArrayList<>(
                list(kind, namespace, object -> owner(object).equals(ownerUid)).objects());
    }

    static String owner(Stored object) {
        return object.metadata().get("ownerReferences") instanceof List<?> owners
                        && !owners.isEmpty()
                        && owners.getFirst() instanceof Map<?, ?> owner
                ? String.valueOf(owner.get("uid"))
                : "";
    }
}
