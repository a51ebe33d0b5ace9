package io.windlass.podscheduler;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.windlass.podscheduler.bind.ApiDeeds;
import io.windlass.podscheduler.bind.Bindings;
import io.windlass.podscheduler.bind.Deeds;
import io.windlass.podscheduler.bind.DryDeeds;
import io.windlass.podscheduler.bind.Leadership;
import io.windlass.podscheduler.bind.Scheduling;
import io.windlass.podscheduler.bind.Tally;
import io.windlass.podscheduler.choose.Chooser;
import io.windlass.podscheduler.choose.Names;
import io.windlass.podscheduler.choose.Policy;
import io.windlass.podscheduler.observe.Scene;
import io.windlass.podscheduler.observe.Watching;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All of it, put together as the command line says. */
final class Scheduler implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);
    private static final Duration TO_SEE_THE_CLUSTER = Duration.ofSeconds(60);
    private static final Duration TO_LOOK_AFTER = Duration.ofMillis(500);
    private static final Duration LONGEST_ROUND = Duration.ofMinutes(2);

    private final Application options;
    private final KubernetesClient client;
    private final KubernetesClient watchClient;
    private final PrometheusMeterRegistry meters =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Semaphore bell = new Semaphore(0);
    private final CountDownLatch ending = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Scene scene;
    private final Watching watching;
    private final Bindings bindings;
    private final Scheduling scheduling;
    private final @Nullable RuleFile ruleFile;
    private final @Nullable Leadership leadership;
    private @Nullable Front front;
    private volatile Chooser chooser;
    private volatile boolean ready;
    private volatile long roundBegan = System.nanoTime();
    private long backedUpAt = System.nanoTime();

    Scheduler(Application options, PrintWriter out) throws IOException {
        this.options = options;
        Access access = Access.of(options.kubeconfig, options.inCluster, System.getenv());
        ruleFile = options.rules.isBlank() ? null : RuleFile.open(Path.of(options.rules));
        chooser =
                new Chooser(
                        Policy.of(options.policy),
                        new Names(
                                options.name,
                                options.shortLabels,
                                ruleFile == null ? List.of() : ruleFile.rules()),
                        new Random());
        client = access.client(Duration.ofSeconds(5));
        // a list of all pods takes its time
        watchClient = access.client(Duration.ofSeconds(60));
        scene = new Scene(options.name, bell::release, System::nanoTime);
        watching = new Watching(watchClient, scene);
        Deeds deeds =
                options.dryRun
                        ? new DryDeeds()
                        : new ApiDeeds(client, options.name, Clock.systemUTC());
        Tally tally = new Tally(meters, options.name, options.boundedLabels);
        Consumer<String> voice = voice(out);
        leadership =
                options.daemon && options.leaderElect && !options.dryRun
                        ? leadership(access)
                        : null;
        bindings = new Bindings(scene, deeds, tally, this::mayBind, voice, options.atOnce);
        scheduling =
                new Scheduling(scene, () -> chooser, bindings, deeds, tally, this::mayBind, voice);
        tally.gauge("schedule.pending.pods", "Pods that are to be placed", scene::waiting);
        tally.gauge("schedule.leader", "Whether this replica decides", () -> mayBind() ? 1 : 0);
    }

    private Consumer<String> voice(PrintWriter out) {
        if (options.dryRun) {
            return what -> out.println("would: " + what);
        }
        return options.daemon ? LOG::debug : out::println;
    }

    private Leadership leadership(Access access) throws IOException {
        return new Leadership(
                client,
                options.leaseNamespace.isBlank() ? access.namespace() : options.leaseNamespace,
                options.name,
                InetAddress.getLocalHost().getHostName() + "_" + UUID.randomUUID(),
                options.lease(),
                Clock.systemUTC(),
                System::nanoTime);
    }

    private boolean mayBind() {
        return leadership == null || leadership.isLeading();
    }

    int onePass() throws InterruptedException {
        long began = System.nanoTime();
        watching.tend();
        while (!watching.hasSynced()) {
            if (System.nanoTime() - began > TO_SEE_THE_CLUSTER.toNanos()) {
                LOG.error("the cluster cannot be seen within {}", TO_SEE_THE_CLUSTER);
                return Application.NOT_SEEN;
            }
            bell.tryAcquire(100, TimeUnit.MILLISECONDS);
            watching.tend();
        }
        watching.reconcile();
        scheduling.round();
        bindings.finish();
        return scene.waiting() == 0 ? Application.PLACED : Application.SOME_WAIT;
    }

    int untilEnded() throws IOException, InterruptedException {
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(this::end));
        if (options.prometheus) {
            front = new Front(options.prometheusPort, meters::scrape, this::isAlive, () -> ready);
        }
        // each on its own: a server that does not answer the one is not to cost the other its lease
        Thread watches = again("watches", TO_LOOK_AFTER, this::tendWatches);
        Thread lease = again("lease", options.lease().dividedBy(10), this::tendLease);
        while (ending.getCount() > 0) {
            round();
        }
        watches.join();
        lease.join();
        return Application.PLACED;
    }

    private Thread again(String name, Duration pause, Runnable work) {
        return Thread.ofVirtual()
                .name(name)
                .start(() -> {
                    try {
                        do {
                            try {
                                work.run();
                            } catch (RuntimeException e) {
                                LOG.error("{} could not be tended; it is tried again", name, e);
                            }
                        } while (!ending.await(pause.toMillis(), TimeUnit.MILLISECONDS));
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    private boolean isAlive() {
        return System.nanoTime() - roundBegan < LONGEST_ROUND.toNanos();
    }

    private void round() throws InterruptedException {
        roundBegan = System.nanoTime();
        bell.drainPermits();
        Duration rest = Duration.ofSeconds(1);
        try {
            if (ready && mayBind()) {
                scheduling.round();
                rest = scene.untilDue(rest);
            }
        } catch (RuntimeException e) {
            LOG.error("a round ended early; it is tried again", e);
        }
        bell.tryAcquire(rest.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Keeps watches and rules; and lets everybody be tried again from time to time. */
    private void tendWatches() {
        watching.tend();
        boolean seen = watching.hasSynced();
        boolean late = System.nanoTime() - backedUpAt > Duration.ofSeconds(options.delay).toNanos();
        // the caches are whole a little before their news has been told
        if (seen && (!ready || late)) {
            watching.reconcile();
            backedUpAt = System.nanoTime();
        }
        if (seen != ready) {
            ready = seen;
            LOG.info(seen ? "the cluster is seen" : "the cluster is not seen");
            bell.release();
        }
        reloadRules();
    }

    private void tendLease() {
        if (leadership != null && leadership.tend()) {
            bell.release();
        }
    }

    private void reloadRules() {
        if (ruleFile != null && ruleFile.reload()) {
            Chooser before = chooser;
            chooser =
                    new Chooser(
                            before.policy(),
                            before.names().with(ruleFile.rules()),
                            before.random());
            scene.beginGeneration();
        }
    }

    private void end() {
        ending.countDown();
        bell.release();
        try {
            if (!ended.await(20, TimeUnit.SECONDS)) {
                LOG.warn("it does not come to an end; it is left");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        bindings.close();
        Optional.ofNullable(leadership).ifPresent(Leadership::release);
        watching.close();
        watchClient.close();
        client.close();
        Optional.ofNullable(front).ifPresent(Front::close);
        ended.countDown();
    }
}
