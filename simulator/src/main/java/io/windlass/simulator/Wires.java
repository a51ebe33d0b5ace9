package io.windlass.simulator;

import io.windlass.cluster.Cluster;
import io.windlass.cluster.ClusterAwayException;
import io.windlass.job.Job;
import io.windlass.job.JobId;
import io.windlass.job.JobSeen;
import io.windlass.job.Look;
import io.windlass.queue.MessageQueue;
import io.windlass.queue.QueueAwayException;
import io.windlass.store.Checks;
import io.windlass.store.DatabaseAwayException;
import io.windlass.store.Heartbeats;
import io.windlass.store.NewJob;
import io.windlass.store.Progressions;
import io.windlass.store.Sequencing;
import io.windlass.store.Submissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How one process reaches the database, the queues and the cluster: late, not at all, or without
 * hearing what came of it. At each of these calls it may die or freeze, before as well as after.
 */
final class Wires {
    private static final Duration CLIENT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration LONGEST_STALL = Duration.ofMinutes(2);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final World world;
    private final SimulatedProcess process;
    private final Climate climate;
    private final MemoryStore store;
    private final MemoryCluster cluster;
    private final ClusterLoss loss;

    Wires(
            World world,
            SimulatedProcess process,
            Climate climate,
            MemoryStore store,
            MemoryCluster cluster,
            ClusterLoss loss) {
        this.world = world;
        this.process = process;
        this.climate = climate;
        this.store = store;
        this.cluster = cluster;
        this.loss = loss;
    }

    private Duration aWhile() {
        return world.upTo(climate.now().slowness());
    }

    private <T extends @Nullable Object> T database(Supplier<T> transaction) {
        process.sleep(aWhile());
        if (world.chance(climate.now().databaseRefuses())) {
            throw new DatabaseAwayException("refused", null, false);
        }
        T result = transaction.get();
        process.sleep(aWhile());
        if (world.chance(climate.now().databaseAnswerLost())) {
            throw new DatabaseAwayException("the answer was lost", null, true);
        }
        return result;
    }

    /** What is on its way arrives, though its sender has died or given up. */
    private <T> T cluster(String what, Supplier<T> request) {
        process.sleep(aWhile());
        Weather weather = climate.now();
        if (world.chance(weather.clusterRefuses())) {
            throw new ClusterAwayException("429", RETRY_AFTER, null);
        }
        SimulatedProcess.Promise<T> answer = process.promise();
        boolean lost = world.chance(weather.clusterAnswerLost());
        Duration there =
                world.chance(weather.clusterStalls()) ? world.upTo(LONGEST_STALL) : aWhile();
        Duration back = aWhile();
        world.after(
                there,
                () -> {
                    if (cluster.away()) {
                        return;
                    }
                    world.traced(what);
                    T result = request.get();
                    if (!lost) {
                        world.after(back, () -> answer.keep(result));
                    }
                });
        return process.await(answer, CLIENT_TIMEOUT)
                .orElseThrow(() -> new ClusterAwayException("timed out", RETRY_AFTER, null));
    }

    Progressions progressions() {
        return new Progressions() {
            @Override
            public <T> T inTransaction(Work<T> work) {
                return database(() -> store.inTransaction(work));
            }
        };
    }

    Submissions submissions() {
        return new Submissions() {
            @Override
            public List<Outcome> store(List<NewJob> jobs) {
                return database(() -> store.store(jobs));
            }

            @Override
            public Optional<Instant> storedAt(JobId id) {
                return database(() -> store.storedAt(id));
            }
        };
    }

    Sequencing sequencing() {
        return most -> database(() -> store.sequence(most));
    }

    Heartbeats heartbeats() {
        return (name, identity) ->
                this.<@Nullable String>database(() -> store.heartbeat(name, identity));
    }

    boolean databaseAnswers() {
        try {
            return database(() -> true);
        } catch (DatabaseAwayException e) {
            return false;
        }
    }

    Checks checks() {
        return new Checks() {
            @Override
            public Lease lease(String name, Duration length, Places places) {
                return database(() -> store.lease(name, length, places));
            }

            @Override
            public List<JobId> lookAtAllBut(Collection<JobId> listed, String name, Instant before) {
                return database(() -> store.lookAtAllBut(listed, name, before));
            }

            @Override
            public Instant now() {
                return database(store::now);
            }

            @Override
            public int overdue(String name, int most) {
                return database(() -> store.overdue(name, most));
            }

            @Override
            public Optional<Granted> claim(Job job, UUID token, String identity, Duration lasts) {
                return database(() -> store.claim(job, token, identity, lasts));
            }

            @Override
            public int postAgain(String name, String namespace) {
                return database(() -> store.postAgain(name, namespace));
            }

            @Override
            public void release(JobId id, UUID token) {
                database(() -> {
                    store.release(id, token);
                    return true;
                });
            }

            @Override
            public void setAside(JobId id, String error) {
                store.setAside(id, error);
            }

            @Override
            public void wentWell(JobId id) {
                store.wentWell(id);
            }

            @Override
            public StoredSpec spec(JobId id) {
                return database(() -> store.spec(id));
            }
        };
    }

    /** It may have been made nevertheless. */
    private Cluster.Creation hangs(Runnable request) {
        if (world.chance(climate.madeNevertheless())) {
            world.after(
                    aWhile(),
                    () -> {
                        if (!cluster.away()) {
                            request.run();
                        }
                    });
        }
        process.sleep(CLIENT_TIMEOUT);
        return new Cluster.Creation.Unknown("timed out");
    }

    Cluster cluster() {
        return new Cluster() {
            @Override
            public Creation create(String namespace, Map<String, @Nullable Object> manifest) {
                loss.beforeAPost(process);
                if (climate.createHangs(namespace)) {
                    return hangs(() -> cluster.create(namespace, manifest));
                }
                try {
                    return cluster("create", () -> cluster.create(namespace, manifest));
                } catch (ClusterAwayException e) {
                    return "429".equals(e.getMessage())
                            ? new Creation.NotMade("429", RETRY_AFTER)
                            : new Creation.Unknown("timed out");
                }
            }

            @Override
            public boolean delete(String namespace, String name, String uid) {
                return cluster("delete", () -> cluster.delete(namespace, name, uid));
            }

            @Override
            public boolean remove(String namespace, String name, String uid) {
                return cluster("remove", () -> cluster.remove(namespace, name, uid));
            }

            @Override
            public boolean suspend(String namespace, String name, String uid) {
                return cluster("suspend", () -> cluster.suspend(namespace, name, uid));
            }

            @Override
            public void deleteEndedPods(String namespace, JobId jobId) {
                cluster(
                        "delete pods",
                        () -> {
                            cluster.deleteEndedPods(namespace, jobId);
                            return true;
                        });
            }

            @Override
            public void endPods(String namespace, JobId jobId, String uid, Duration grace) {
                cluster(
                        "end pods",
                        () -> {
                            cluster.endPods(namespace, jobId, uid, grace);
                            return true;
                        });
            }

            @Override
            public Look look(String namespace, String name, JobId jobId) {
                JobSeen job = cluster("get", () -> cluster.job(namespace, name)).orElse(null);
                return job == null
                        ? Look.NOTHING
                        : cluster("list its pods", cluster::pods).look(job, jobId);
            }

            @Override
            public Map<JobId, Look> lookAtAll() {
                Map<JobId, JobSeen> jobs = cluster("list Jobs", cluster::allJobs);
                process.sleep(world.upTo(climate.longestList()));
                MemoryCluster.PodList pods = cluster("list pods", cluster::pods);
                process.sleep(world.upTo(climate.longestList()));
                return pods.all(jobs);
            }

            @Override
            public String identity() {
                return cluster("identity", cluster::identity);
            }
        };
    }

    MessageQueue queue(MemoryQueue queue) {
        return new FaultyQueue(queue);
    }

    private final class FaultyQueue implements MessageQueue {
        private static final Duration LATEST = Duration.ofMinutes(2);
        private final MemoryQueue queue;

        private FaultyQueue(MemoryQueue queue) {
            this.queue = queue;
        }

        private void call(Runnable effect) {
            process.sleep(aWhile());
            if (world.chance(climate.now().queueRefuses())) {
                throw new QueueAwayException("refused");
            }
            effect.run();
            process.sleep(aWhile());
            if (world.chance(climate.now().queueRefuses())) {
                throw new QueueAwayException("the answer was lost");
            }
        }

        @Override
        public List<Unsent> send(List<String> bodies) {
            call(() -> bodies.forEach(this::sendOne));
            return List.of();
        }

        private void sendOne(String body) {
            Weather weather = climate.now();
            if (world.chance(weather.messageLost())) {
                return;
            }
            if (world.chance(weather.messageLate())) {
                queue.sendLate(body, world.upTo(LATEST));
            } else {
                queue.send(List.of(body));
            }
            if (world.chance(weather.messageDoubled())) {
                queue.sendLate(body, world.upTo(LATEST));
            }
        }

        @Override
        public List<Received> receive(Duration wait) {
            call(() -> {});
            List<Received> received = queue.receive(wait);
            if (!received.isEmpty()) {
                return received;
            }
            SimulatedProcess.Promise<Boolean> something = process.promise();
            queue.whenSomethingComes(() -> something.keep(true));
            process.await(something, climate.rest(wait));
            return queue.receive(wait);
        }

        @Override
        public void delete(Collection<Received> messages) {
            call(() -> queue.delete(messages));
        }

        @Override
        public void release(Collection<Received> messages) {
            call(() -> queue.release(messages));
        }

        @Override
        public void bury(Received message) {
            call(() -> queue.bury(message));
        }
    }
}
