package io.windlass.cluster;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which version of each event was told last, and nothing else of it: a cluster keeps those of an
 * hour, other people's too, and each is some kilobytes.
 */
final class EventVersions implements ItemStore<Event> {
    private final Map<String, String> versions = new ConcurrentHashMap<>();

    @Override
    public String getKey(Event event) {
        String uid = event.getMetadata().getUid();
        return uid == null
                ? event.getMetadata().getNamespace() + "/" + event.getMetadata().getName()
                : uid;
    }

    @Override
    public @Nullable Event put(String key, Event event) {
        String version = SeenReader.text(event.getMetadata().getResourceVersion());
        return event(key, versions.put(key, version));
    }

    @Override
    public @Nullable Event remove(String key) {
        return event(key, versions.remove(key));
    }

    @Override
    public @Nullable Event get(String key) {
        return event(key, versions.get(key));
    }

    private static @Nullable Event event(String key, @Nullable String version) {
        return version == null ? null : known(key, version);
    }

    private static Event known(String key, String version) {
        return new EventBuilder()
                .withNewMetadata()
                .withUid(key)
                .withResourceVersion(version)
                .endMetadata()
                .build();
    }

    @Override
    public Stream<String> keySet() {
        return versions.keySet().stream();
    }

    @Override
    public Stream<Event> values() {
        return versions.entrySet().stream().map(e -> known(e.getKey(), e.getValue()));
    }

    @Override
    public int size() {
        return versions.size();
    }

    @Override
    public boolean isFullState() {
        return false;
    }
}
