package io.windlass.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An informer that comes back. fabric8 stops one for good on some errors, and a stream may go
 * silent without ending: the first is seen by {@code isRunning}, the second by a resourceVersion
 * that stands still while the server's moves.
 */
public final class Watch<T extends HasMetadata> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

    private final String name;
    private final Supplier<SharedIndexInformer<T>> maker;
    private final Supplier<@Nullable String> serverVersion;
    private final ResourceEventHandler<T> handler;
    private final Duration patience;
    private final LongSupplier nanos;
    private @Nullable SharedIndexInformer<T> informer;
    private @Nullable String lastVersion;
    private long movedAt;
    private int rebuilt;

    /**
     * Made by {@code maker} each time.
     *
     * @param serverVersion null where there is nothing to be told of
     */
    public Watch(
            String name,
            Supplier<SharedIndexInformer<T>> maker,
            Supplier<@Nullable String> serverVersion,
            ResourceEventHandler<T> handler,
            Duration patience,
            LongSupplier nanos) {
        this.name = name;
        this.maker = maker;
        this.serverVersion = serverVersion;
        this.handler = handler;
        this.patience = patience;
        this.nanos = nanos;
        this.movedAt = nanos.getAsLong();
    }

    /**
     * To be called every few seconds: starts it, and starts it anew where it has died or gone
     * silent.
     */
    public synchronized void tend() {
        SharedIndexInformer<T> current = informer;
        if (current == null) {
            start();
            return;
        }
        if (!current.isRunning()) {
            LOG.warn("the watch of {} has stopped; it is made anew", name);
            restart(current);
            return;
        }
        String version = current.lastSyncResourceVersion();
        if (!Objects.equals(version, lastVersion)) {
            lastVersion = version;
            movedAt = nanos.getAsLong();
        } else if (age().compareTo(patience) > 0) {
            compareWithServer(current, version);
        }
    }

    private void compareWithServer(SharedIndexInformer<T> current, @Nullable String version) {
        try {
            String server = serverVersion.get();
            if (server == null || server.equals(version)) {
                movedAt = nanos.getAsLong();
                return;
            }
        } catch (RuntimeException e) {
            LOG.debug("the server of {} cannot be asked", name, e);
            return;
        }
        LOG.warn("the watch of {} is silent since {}; it is made anew", name, age());
        restart(current);
    }

    private void restart(SharedIndexInformer<T> current) {
        rebuilt++;
        current.stop();
        informer = null;
        start();
    }

    private void start() {
        SharedIndexInformer<T> made = maker.get();
        made.exceptionHandler((started, failure) -> true);
        made.addEventHandler(handler);
        made.start()
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        LOG.warn("the watch of {} did not start: {}", name, failure.toString());
                    }
                });
        informer = made;
        lastVersion = null;
        movedAt = nanos.getAsLong();
    }

    /** Since when the stream has told nothing, bookmarks included. */
    public synchronized Duration age() {
        return Duration.ofNanos(nanos.getAsLong() - movedAt);
    }

    public synchronized int rebuilt() {
        return rebuilt;
    }

    /** From what is cached, by namespace and name. */
    public synchronized Optional<T> cached(String namespace, String objectName) {
        return informer == null
                ? Optional.empty()
                : Optional.ofNullable(informer.getIndexer().getByKey(namespace + "/" + objectName));
    }

    /** Whether the cache is whole: everything that the server had when the stream began. */
    public synchronized boolean hasSynced() {
        return informer != null && informer.isRunning() && informer.hasSynced();
    }

    /** All that is cached. */
    public synchronized List<T> cached() {
        return informer == null ? List.of() : List.copyOf(informer.getIndexer().list());
    }

    @Override
    public synchronized void close() {
        if (informer != null) {
            informer.stop();
            informer = null;
        }
    }
}
