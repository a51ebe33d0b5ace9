package io.windlass.gateway;

import io.fabric8.kubernetes.api.model.Pod;
import io.windlass.log.Loss;
import io.windlass.store.LogClaims;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The containers of one pod, from the first that starts until all their logs are closed. */
final class PodFollow {
    private final LogClaims.PodOfJob pod;
    private final LogClaims claims;
    private final LogClaims.Holder holder;
    private final NodeLogs node;
    private final NodesWithoutLogs without;
    private final LogSettings settings;
    private final Archivist archivist;
    private final Consumer<LiveLog> whenFollowed;
    private final Consumer<LiveLog> whenOver;
    private final Map<String, ContainerFollow> follows = new HashMap<>();
    private final Set<String> closed = new HashSet<>();
    private boolean done;
    private boolean podOver;
    private boolean gone;

    PodFollow(
            LogClaims.PodOfJob pod,
            LogClaims claims,
            LogClaims.Holder holder,
            NodeLogs node,
            NodesWithoutLogs without,
            LogSettings settings,
            Archivist archivist,
            Consumer<LiveLog> whenFollowed,
            Consumer<LiveLog> whenOver) {
        this.pod = pod;
        this.claims = claims;
        this.holder = holder;
        this.node = node;
        this.without = without;
        this.settings = settings;
        this.archivist = archivist;
        this.whenFollowed = whenFollowed;
        this.whenOver = whenOver;
    }

    /** It is gone, and so is everything that was to be done about it. */
    synchronized boolean over() {
        return gone && follows.isEmpty() && (done || closed.isEmpty());
    }

    /** Follows no more; what was read is stored by whoever stops it. */
    synchronized void stop() {
        follows.values().forEach(ContainerFollow::stop);
    }

    /** News of it; may write to the database. */
    synchronized void seen(Pod now, boolean isGone) {
        gone |= isGone;
        if (done) {
            return;
        }
        String phase = now.getStatus() == null ? "" : String.valueOf(now.getStatus().getPhase());
        podOver |= gone || phase.equals("Succeeded") || phase.equals("Failed");
        List<Sight> started = Sight.of(now).stream().filter(Sight::started).toList();
        if (started.stream().anyMatch(this::isNew)) {
            claim(started, now.getSpec().getNodeName());
        }
        for (Sight sight : started) {
            ContainerFollow follow = follows.get(sight.container());
            if (follow != null) {
                follow.seen(sight, podOver, gone);
            }
        }
        closeIfAll();
    }

    private boolean isNew(Sight sight) {
        return !follows.containsKey(sight.container()) && !closed.contains(sight.container());
    }

    private void claim(List<Sight> started, @Nullable String nodeName) {
        List<LogClaims.ContainerOfPod> containers =
                started.stream()
                        .map(s ->
                                new LogClaims.ContainerOfPod(s.container(), s.ordinal(), s.init()))
                        .toList();
        switch (claims.claim(pod, containers, holder)) {
            case LogClaims.Claim.Ours ours -> {
                NodeLogs logs = new PodLogs(node, nodeName, pod, without);
                ours.logs().forEach(log -> begin(log, started, logs));
            }
            case LogClaims.Claim.Done _ -> done = true;
            case LogClaims.Claim.NotOurs _ -> {}
        }
    }

    private void begin(LogClaims.OpenLog log, List<Sight> started, NodeLogs logs) {
        if (log.closed()) {
            closed.add(log.container());
            return;
        }
        started.stream()
                .filter(sight -> sight.container().equals(log.container()) && isNew(sight))
                .findFirst()
                .ifPresent(sight -> begin(log, sight, logs));
    }

    private void begin(LogClaims.OpenLog log, Sight sight, NodeLogs logs) {
        LiveLog live = new LiveLog(log, settings, archivist::wake);
        ContainerFollow follow =
                new ContainerFollow(
                        logs,
                        pod.namespace(),
                        pod.pod(),
                        sight,
                        live,
                        settings.giveUp(),
                        log.state().digest().isEmpty());
        follows.put(log.container(), follow);
        whenFollowed.accept(live);
        archivist.keep(live, () -> ended(follow));
        follow.start();
    }

    /** It is stored whole; or another follows it. */
    private synchronized void ended(ContainerFollow follow) {
        follows.remove(follow.container());
        if (follow.live().closed()) {
            closed.add(follow.container());
        }
        whenOver.accept(follow.live());
    }

    /** Where all of it is stored; again and again until the database has it. */
    synchronized void closeIfAll() {
        if (podOver && !done && follows.isEmpty() && !closed.isEmpty()) {
            done = claims.closePod(pod, holder);
        }
    }

    /** A pod that went while nobody followed it: what is stored of it is all that there will be. */
    synchronized void abandoned() {
        if (done || !(claims.claim(pod, List.of(), holder) instanceof LogClaims.Claim.Ours ours)) {
            return;
        }
        podOver = true;
        gone = true;
        for (LogClaims.OpenLog log : ours.logs()) {
            if (log.closed()) {
                closed.add(log.container());
            } else if (!follows.containsKey(log.container())) {
                LiveLog live = new LiveLog(log, settings, archivist::wake);
                live.lost(Loss.Why.POD_GONE, "its pod went while no gateway followed it");
                live.end();
                archivist.keep(
                        live,
                        () -> {
                            synchronized (this) {
                                closed.add(log.container());
                                whenOver.accept(live);
                            }
                        });
            }
        }
        closeIfAll();
    }
}
