package io.windlass.processor;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.windlass.job.Decider;
import io.windlass.job.JobId;
import io.windlass.job.JobIdentity;
import io.windlass.job.JobSeen;
import io.windlass.job.JobState;
import io.windlass.job.Rules;
import io.windlass.messages.Envelope;
import io.windlass.messages.EnvelopeCodec;
import io.windlass.messages.Installation;
import io.windlass.messages.Message;
import io.windlass.migrations.Migrations;
import io.windlass.queue.MessageQueue;
import io.windlass.queue.QueueClient;
import io.windlass.queue.QueueSettings;
import io.windlass.service.Machine;
import io.windlass.service.Tracing;
import io.windlass.store.Admissions;
import io.windlass.store.Database;
import io.windlass.store.DatabaseSettings;
import io.windlass.store.Progressions;
import io.windlass.testing.TestDatabase;
import io.windlass.testing.TestQueueServer;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A consumer and its inbox on a real database and a real queue. */
abstract class WithConsumer {
    static final Installation OURS =
            new Installation(UUID.randomUUID(), "a key of some length", List.of());
    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    EnvelopeCodec codec = new EnvelopeCodec(OURS);
    final Random random = new Random(11);
    final Decider decider = new Decider(Rules.DEFAULT, OURS.id());
    Database database;
    TestDatabase test;
    Progressions progressions;
    QueueClient queues;
    MessageQueue queue;
    Consumer consumer;

    @BeforeEach
    void open() {
        test = TestDatabase.migrated(Migrations::apply);
        database = new Database(test.settings(DatabaseSettings::new));
        progressions = Progressions.on(database);
        TestQueueServer server = TestQueueServer.usedHere();
        queues =
                new QueueClient(
                        new QueueSettings(
                                server.endpoint(),
                                server.region(),
                                "windlass-",
                                true,
                                Duration.ofSeconds(1),
                                5));
        queue = queues.observations("c-" + UUID.randomUUID());
        consumer = consumer(queue);
    }

    Consumer consumer(MessageQueue from) {
        Inbox inbox =
                new Inbox(
                        progressions, decider, hands(), new Wakeups(), new Machine.Real(), metrics);
        return new Consumer(
                "observations",
                from,
                codec,
                "local",
                inbox,
                database::answers,
                Tracing.OFF,
                metrics);
    }

    /** No message makes it touch a cluster, so there is none. */
    static Hands hands() {
        return new Hands(
                null, null, null, null, new Machine.Real(), Tracing.OFF, new SimpleMeterRegistry());
    }

    @AfterEach
    void close() {
        queues.close();
        database.close();
        test.close();
    }

    JobId startedJob() {
        JobId id = newJob();
        new Admissions(progressions, decider)
                .admit("local", new Admissions.Bounds(100, 100, 100, 100));
        return id;
    }

    JobId newJob() {
        return SubmittedJobs.one(database, random);
    }

    String body(Message message) {
        return codec.encode(
                new Envelope(UUID.randomUUID(), OURS.id(), "local", Instant.EPOCH, null, message));
    }

    Message complete(JobId id, long guard, boolean done) {
        JobSeen.Condition condition =
                new JobSeen.Condition("Complete", true, "CompletionsReached", "", Instant.EPOCH);
        return new Message.JobObserved(
                id,
                new JobSeen(
                        "default",
                        JobIdentity.kubernetesName("one", id, 1),
                        "uid-" + id,
                        guard,
                        new JobSeen.Owner(OURS.id().toString(), id.toString(), 1, "hash"),
                        null,
                        done ? List.of(condition) : List.of()),
                false);
    }

    JobState state(JobId id) {
        return progressions.load(id).orElseThrow().state();
    }

    /** At most so often: who finds an empty queue waits at it. */
    void receiveUntil(int most, BooleanSupplier done) {
        for (int i = 0; i < most && !done.getAsBoolean(); i++) {
            consumer.runOnce();
        }
    }

    double handled() {
        return metrics.counter("windlass.messages.handled", "queue", "observations").count();
    }

    double dead(String why) {
        return metrics.counter("windlass.messages.dead", "queue", "observations", "why", why)
                .count();
    }

    List<JobId> startedJobs(int count) {
        List<JobId> ids = IntStream.range(0, count).mapToObj(i -> newJob()).toList();
        new Admissions(progressions, decider)
                .admit("local", new Admissions.Bounds(2_000, 2_000, 2_000, 2_000));
        return ids;
    }

    void refuseToWrite(JobId poisonous) {
        refuseToWrite(poisonous, "");
    }

    void refuseToWrite(JobId poisonous, String how) {
        database.inTransaction(handle -> {
            handle.execute(
                    "create function refuse() returns trigger language plpgsql as"
                            + " 'begin raise exception ''this row cannot be written'' "
                            + how
                            + "; end'");
            handle.execute(
                    "create trigger refuse before update on job_state for each row when (new.job_id = '"
                            + poisonous
                            + "') execute function refuse()");
        });
    }

    /** The real queue, counted. */
    static class CountingQueue implements MessageQueue {
        private final MessageQueue queue;
        int received;
        int released;
        int deleted;

        CountingQueue(MessageQueue queue) {
            this.queue = queue;
        }

        @Override
        public List<Unsent> send(List<String> bodies) {
            return queue.send(bodies);
        }

        @Override
        public List<Received> receive(Duration wait) {
            received++;
            return queue.receive(wait);
        }

        @Override
        public void delete(Collection<Received> messages) {
            deleted += messages.size();
            queue.delete(messages);
        }

        @Override
        public void release(Collection<Received> messages) {
            released += messages.size();
            queue.release(messages);
        }

        @Override
        public void bury(Received message) {
            queue.bury(message);
        }
    }
}
