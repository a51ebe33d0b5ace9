package io.windlass.gateway;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import io.windlass.cluster.ClusterSettings;
import io.windlass.cluster.SeenReader;
import io.windlass.cluster.Watch;
import io.windlass.cluster.WatchedHealth;
import io.windlass.cluster.Watches;
import io.windlass.job.JobId;
import io.windlass.service.Batcher;
import io.windlass.service.Loop;
import io.windlass.service.Loops;
import io.windlass.store.LogClaims;
import io.windlass.store.LogShelf;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which pods are followed here: all of the cluster's that nobody else follows, and those whose
 * follower has died.
 */
@Context
final class Followers implements ResourceEventHandler<Pod> {
    private static final Duration TEND = Duration.ofSeconds(1);
    private static final Duration IDLE = Duration.ofSeconds(10);
    private static final int MANY = 100_000;
    private static final int SOME = 200;

    private final LogClaims claims;
    private final LogShelf shelf;
    private final LogClaims.Holder holder;
    private final NodeLogs node;
    private final NodesWithoutLogs without;
    private final LogSettings settings;
    private final Archivist archivist;
    private final String cluster;
    private final List<Watch<Pod>> watches;
    private final Loops loops;
    private final Batcher<String, News> news = new Batcher<>(MANY);
    private final Map<String, PodFollow> pods = new ConcurrentHashMap<>();
    private final Map<Long, LiveLog> live = new ConcurrentHashMap<>();
    private final Loop listening;
    private final Loop closing;

    Followers(
            LogClaims claims,
            LogShelf shelf,
            LogClaims.Holder holder,
            NodeLogs node,
            NodesWithoutLogs without,
            LogSettings settings,
            Archivist archivist,
            ClusterSettings cluster,
            Watches watches,
            WatchedHealth health,
            Loops loops,
            MeterRegistry metrics) {
        this.claims = claims;
        this.shelf = shelf;
        this.holder = holder;
        this.node = node;
        this.without = without;
        this.settings = settings;
        this.archivist = archivist;
        this.cluster = cluster.name();
        this.watches = watches.pods(this);
        this.loops = loops;
        this.listening = new Loop("log-pods", this::listen);
        this.closing = new Loop("log-closing", this::close);
        health.watch("pods-of-logs", this.watches);
        metrics.gauge("windlass.logs.followed", live, Map::size);
    }

    private record News(Pod pod, boolean gone) {}

    @PostConstruct
    void start() {
        loops.add(listening);
        loops.add(closing);
        loops.add(new Loop("log-watch", this::tend));
        loops.add(new Loop("log-leases", this::renew));
        loops.add(new Loop("log-abandoned", this::takeOver));
    }

    /** A log that is followed here. */
    Optional<LiveLog> live(long id) {
        return Optional.ofNullable(live.get(id)).filter(log -> !log.lost());
    }

    @Override
    public void onAdd(Pod pod) {
        hear(pod, false);
    }

    @Override
    public void onUpdate(Pod before, Pod pod) {
        hear(pod, false);
    }

    @Override
    public void onDelete(Pod pod, boolean finalStateUnknown) {
        hear(pod, true);
    }

    private void hear(Pod pod, boolean gone) {
        news.put(pod.getMetadata().getUid(), new News(pod, gone));
        listening.wake();
    }

    private Duration tend() {
        watches.forEach(Watch::tend);
        return TEND;
    }

    private Duration listen() {
        Map<String, News> some = news.take(SOME);
        try {
            for (var each = some.entrySet().iterator(); each.hasNext(); each.remove()) {
                Map.Entry<String, News> one = each.next();
                heard(one.getKey(), one.getValue());
            }
        } finally {
            // what the database did not take is heard again
            news.giveBack(some);
        }
        return news.size() > 0 ? Duration.ZERO : IDLE;
    }

    private void heard(String uid, News one) {
        PodFollow follow =
                pods.computeIfAbsent(
                        uid,
                        _ -> SeenReader.jobId(one.pod()).map(id -> follow(one, id)).orElse(null));
        if (follow != null) {
            follow.seen(one.pod(), one.gone());
            if (follow.over()) {
                pods.remove(uid);
            }
        }
    }

    private PodFollow follow(News one, JobId job) {
        return follow(
                new LogClaims.PodOfJob(
                        job,
                        one.pod().getMetadata().getUid(),
                        cluster,
                        one.pod().getMetadata().getNamespace(),
                        one.pod().getMetadata().getName(),
                        SeenReader.controller(one.pod().getMetadata())));
    }

    private PodFollow follow(LogClaims.PodOfJob pod) {
        return new PodFollow(
                pod,
                claims,
                holder,
                node,
                without,
                settings,
                archivist,
                log -> live.put(log.id(), log),
                this::over);
    }

    /** From the hands of who stores: the database is written to elsewhere. */
    private void over(LiveLog log) {
        live.remove(log.id(), log);
        closing.wake();
    }

    private Duration close() {
        pods.values().forEach(PodFollow::closeIfAll);
        return IDLE;
    }

    Duration renew() {
        claims.renew(holder);
        shelf.gatewayLives(cluster, holder.address(), without.told());
        pods.values().removeIf(PodFollow::over);
        return holder.lease().dividedBy(3);
    }

    /** Pods whose follower has died: from where it left off, or what is left of them. */
    Duration takeOver() {
        if (!watches.stream().allMatch(Watch::hasSynced)) {
            return TEND;
        }
        List<LogClaims.PodOfJob> abandoned = claims.abandoned(cluster, SOME);
        for (LogClaims.PodOfJob pod : abandoned) {
            Optional<Pod> there =
                    watches.stream()
                            .flatMap(w -> w.cached(pod.namespace(), pod.pod()).stream())
                            .filter(p -> pod.podUid().equals(p.getMetadata().getUid()))
                            .findFirst();
            if (there.isPresent()) {
                hear(there.get(), false);
            } else {
                pods.computeIfAbsent(pod.podUid(), _ -> follow(pod)).abandoned();
            }
        }
        return TEND;
    }

    @PreDestroy
    void stop() {
        watches.forEach(Watch::close);
        pods.values().forEach(PodFollow::stop);
        archivist.storeAll();
        claims.release(holder);
    }
}
