package io.windlass.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.job.JobId;
import io.windlass.job.JobState;
import io.windlass.store.EventFeed;
import io.windlass.testing.TestSize;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The consumer and its inbox on a real database and a real queue, with what queues do to messages.
 */
class ConsumerTest extends WithConsumer {
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
        assertThat(dead("BAD_SIGNATURE")).as("rubbish, and a forged outcome").isEqualTo(2);
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
    void shouldHandleAJobWithAReasonThatOnlyANewerVersionKnows() {
        List<JobId> ids = startedJobs(20);
        database.inTransaction(handle ->
                handle.execute(
                        "update job_state set desired = 'FAIL', desired_reason = 'A_REASON_OF_TOMORROW',"
                                + " desired_message = 'm' where job_id = '"
                                + ids.get(7)
                                + "'"));
        queue.send(ids.stream().map(id -> body(complete(id, 5, true))).toList());
        receiveUntil(4, () -> handled() == ids.size());
        assertThat(handled()).isEqualTo(20);
        assertThat(ids)
                .filteredOn(id -> !id.equals(ids.get(7)))
                .allSatisfy(id -> assertThat(state(id)).isEqualTo(JobState.SUCCEEDED));
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
}
