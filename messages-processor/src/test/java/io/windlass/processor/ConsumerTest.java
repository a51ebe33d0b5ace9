package io.windlass.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.windlass.job.Decider;
import io.windlass.job.JobId;
import io.windlass.job.JobSeen;
import io.windlass.job.JobSpecReader;
import io.windlass.job.JobSpecTree;
import io.windlass.job.JobState;
import io.windlass.job.Rules;
import io.windlass.json.Json;
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
import io.windlass.store.EventFeed;
import io.windlass.store.NewJob;
import io.windlass.store.Progressions;
import io.windlass.store.Submissions;
import io.windlass.testing.TestDatabase;
import io.windlass.testing.TestQueueServer;
import io.windlass.testing.TestSize;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The consumer and its inbox on a real database and a real queue, with what queues do to messages.
 */
class ConsumerTest {
    private static final Installation OURS =
            new Installation(UUID.randomUUID(), "a key of some length", List.of());
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final EnvelopeCodec codec = new EnvelopeCodec(OURS);
    private final Random random = new Random(11);
    private final Decider decider = new Decider(Rules.DEFAULT, OURS.id());
    private Database database;
    private TestDatabase test;
    private Progressions progressions;
    private QueueClient queues;
    private MessageQueue queue;
    private Consumer consumer;

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

    private Consumer consumer(MessageQueue from) {
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
    private static Hands hands() {
        return new Hands(
                null, null, null, null, new Machine.Real(), Tracing.OFF, new SimpleMeterRegistry());
    }

    @AfterEach
    void close() {
        queues.close();
        database.close();
        test.close();
    }

    private JobId startedJob() {
        JobId id = newJob();
        new Admissions(progressions, decider)
                .admit("local", new Admissions.Bounds(100, 100, 100, 100));
        return id;
    }

    private JobId newJob() {
        var spec =
                ((JobSpecReader.Result.Read)
                                JobSpecReader.read(
                                        Map.of("name", "one", "image", "busybox"), "local"))
                        .spec();
        JobId id = JobId.at(System.currentTimeMillis(), random);
        Submissions.on(database)
                .store(
                        List.of(
                                new NewJob(
                                        id,
                                        spec,
                                        Json.canonical(JobSpecTree.of(spec)),
                                        "hash",
                                        "tester",
                                        null,
                                        null,
                                        null,
                                        null)));
        return id;
    }

    private String body(Message message) {
        return codec.encode(
                new Envelope(UUID.randomUUID(), OURS.id(), "local", Instant.EPOCH, null, message));
    }

    private Message complete(JobId id, long guard, boolean done) {
        JobSeen.Condition condition =
                new JobSeen.Condition("Complete", true, "CompletionsReached", "", Instant.EPOCH);
        return new Message.JobObserved(
                id,
                new JobSeen(
                        "default",
                        "n",
                        "uid-" + id,
                        guard,
                        new JobSeen.Owner(OURS.id().toString(), id.toString(), 1, "hash"),
                        null,
                        done ? List.of(condition) : List.of()),
                false);
    }

    private JobState state(JobId id) {
        return progressions.load(id).orElseThrow().state();
    }

    /** At most so often: who finds an empty queue waits at it. */
    private void receiveUntil(int most, BooleanSupplier done) {
        for (int i = 0; i < most && !done.getAsBoolean(); i++) {
            consumer.runOnce();
        }
    }

    private double handled() {
        return metrics.counter("windlass.messages.handled", "queue", "observations").count();
    }

    private double dead(String why) {
        return metrics.counter("windlass.messages.dead", "queue", "observations", "why", why)
                .count();
    }

    @Test
    void shouldHandleAllTheOthersAroundPoisonousMessages() {
        List<JobId> ids = new ArrayList<>();
        List<String> bodies = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            JobId id = startedJob();
            ids.add(id);
            bodies.add(body(complete(id, 5, true)));
        }
        bodies.add(7, "rubbish");
        bodies.add(9, body(complete(ids.getFirst(), 5, true)).replace("Complete", "Failed"));
        bodies.add(11, body(complete(JobId.at(1, random), 5, true)));
        queue.send(bodies);
        receiveUntil(6, () -> handled() == 41);
        assertThat(ids).allSatisfy(id -> assertThat(state(id)).isEqualTo(JobState.SUCCEEDED));
        assertThat(dead("MALFORMED")).isEqualTo(1);
        assertThat(dead("BAD_SIGNATURE")).as("a forged outcome").isEqualTo(1);
        assertThat(metrics.counter("windlass.messages.unknown.job").count()).isEqualTo(1);
        assertThat(queue.receive(Duration.ZERO)).as("all are acknowledged").isEmpty();
    }

    @Test
    void shouldHandleTheOthersBesideAJobThatCannotBeWritten() {
        List<JobId> ids = startedJobs(20);
        refuseToWrite(ids.get(7));
        othersAreHandled(ids, ids.get(7));
    }

    @Test
    void shouldHandleTheOthersBesideAJobThatCannotBeRead() {
        List<JobId> ids = startedJobs(20);
        // as a newer version may write it: reasons are open text
        database.inTransaction(handle ->
                handle.execute(
                        "update job_state set desired = 'FAIL', desired_reason = 'A_REASON_OF_TOMORROW',"
                                + " desired_message = 'm' where job_id = '"
                                + ids.get(7)
                                + "'"));
        othersAreHandled(ids, ids.get(7));
    }

    private List<JobId> startedJobs(int count) {
        List<JobId> ids = IntStream.range(0, count).mapToObj(i -> newJob()).toList();
        new Admissions(progressions, decider)
                .admit("local", new Admissions.Bounds(2_000, 2_000, 2_000, 2_000));
        return ids;
    }

    private void refuseToWrite(JobId poisonous) {
        database.inTransaction(handle -> {
            handle.execute(
                    "create function refuse() returns trigger language plpgsql as"
                            + " 'begin raise exception ''this row cannot be written''; end'");
            handle.execute(
                    "create trigger refuse before update on job_state for each row when (new.job_id = '"
                            + poisonous
                            + "') execute function refuse()");
        });
    }

    private void othersAreHandled(List<JobId> ids, JobId spoiled) {
        queue.send(ids.stream().map(id -> body(complete(id, 5, true))).toList());
        receiveUntil(4, () -> handled() == ids.size() - 1);
        assertThat(ids)
                .filteredOn(id -> !id.equals(spoiled))
                .allSatisfy(id -> assertThat(state(id)).isEqualTo(JobState.SUCCEEDED));
        assertThat(handled()).isEqualTo(19);
    }

    @Test
    @Tag("slow")
    void shouldHandleManyAndMakeOneDeadLetterOfTheOneThatCannotBe() {
        int many = TestSize.of(300, 1_000);
        List<JobId> all = startedJobs(many + 1);
        List<JobId> ids = all.subList(0, many);
        JobId poisonous = all.getLast();
        refuseToWrite(poisonous);
        List<String> bodies =
                new ArrayList<>(ids.stream().map(id -> body(complete(id, 5, true))).toList());
        bodies.add(many / 2, body(complete(poisonous, 5, true)));
        queue.send(bodies);
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(1))
                .until(() -> {
                    consumer.runOnce();
                    return dead("CANNOT_BE_HANDLED") > 0;
                });
        assertThat(ids).allSatisfy(id -> assertThat(state(id)).isEqualTo(JobState.SUCCEEDED));
        assertThat(metrics.counter("windlass.messages.handled", "queue", "observations").count())
                .isEqualTo(many);
        assertThat(metrics.counter("windlass.messages.failed", "queue", "observations").count())
                .isEqualTo(5);
        assertThat(metrics.find("windlass.messages.dead").counters()).hasSize(1);
        assertThat(dead("CANNOT_BE_HANDLED")).as("dead letters").isEqualTo(1);
        assertThat(queue.receive(Duration.ofSeconds(2))).as("nothing is left").isEmpty();
    }

    @Test
    void shouldMakeNothingOfDuplicatesAndOfWhatComesInTheWrongOrder() {
        JobId id = startedJob();
        List<String> bodies = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            bodies.add(body(complete(id, 9, true)));
            bodies.add(body(complete(id, 3, false)));
        }
        Collections.shuffle(bodies, random);
        queue.send(bodies);
        receiveUntil(4, () -> handled() == 20);
        assertThat(state(id)).isEqualTo(JobState.SUCCEEDED);
        assertThat(new EventFeed(database).ofJob(id))
                .filteredOn(e -> e.to().equals("SUCCEEDED"))
                .hasSize(1);
    }

    @Test
    @Tag("slow")
    void shouldGiveBackWhatCameWhileTheDatabaseIsAwayAndTakeNoMore() {
        JobId id = startedJob();
        queue.send(List.of(body(complete(id, 5, true))));
        CountingQueue counting = new CountingQueue(queue);
        Consumer away = consumer(counting);
        database.close();
        away.runOnce();
        away.runOnce();
        assertThat(counting.received).as("nothing is received without a database").isEqualTo(1);
        assertThat(counting.released).isEqualTo(1);
        assertThat(counting.deleted).isZero();
    }

    /** The real queue, counted. */
    private static final class CountingQueue implements MessageQueue {
        private final MessageQueue queue;
        private int received;
        private int released;
        private int deleted;

        CountingQueue(MessageQueue queue) {
            this.queue = queue;
        }

        @Override
        public void send(List<String> bodies) {
            queue.send(bodies);
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
