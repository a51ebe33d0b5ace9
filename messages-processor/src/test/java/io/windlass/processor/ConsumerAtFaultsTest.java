package io.windlass.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.windlass.job.JobId;
import io.windlass.job.JobState;
import io.windlass.messages.EnvelopeCodec;
import io.windlass.queue.MessageQueue;
import io.windlass.queue.QueueAwayException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is no message's fault makes no dead letter. */
class ConsumerAtFaultsTest extends WithConsumer {
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

    /** Finding P9: a former primary answers, and takes no writes. */
    @Test
    void shouldKeepItsMessagesWhileTheDatabaseIsReadOnly() {
        JobId id = startedJob();
        queue.send(List.of(body(complete(id, 5, true))));
        test.readOnly(true);
        for (int i = 0; i < 10; i++) {
            consumer.runOnce();
        }
        assertThat(database.answers()).isFalse();
        test.readOnly(false);
        handledInTheEnd(id);
    }

    /** Finding P9: an older version took rights away; there is nothing wrong with the message. */
    @Test
    void shouldKeepItsMessagesHoweverOftenItLacksTheRight() {
        JobId id = startedJob();
        refuseToWrite(id, "using errcode = ''42501''");
        queue.send(List.of(body(complete(id, 5, true))));
        for (int i = 0; i < 12; i++) {
            consumer.runOnce();
        }
        database.inTransaction(handle -> handle.execute("drop trigger refuse on job_state"));
        handledInTheEnd(id);
    }

    @Test
    @Tag("slow")
    void shouldKeepWhatIsInTheWayOfAnotherAndHandleTheOthersBesideIt() {
        List<JobId> ids = startedJobs(10);
        refuseToWrite(ids.get(3), "using errcode = ''40P01''");
        queue.send(ids.stream().map(id -> body(complete(id, 5, true))).toList());
        receiveUntil(12, () -> handled() == 9);
        assertThat(handled()).isEqualTo(9);
        for (int i = 0; i < 10; i++) {
            consumer.runOnce();
        }
        database.inTransaction(handle -> handle.execute("drop trigger refuse on job_state"));
        handledInTheEnd(ids.get(3));
    }

    private void handledInTheEnd(JobId id) {
        receiveUntil(10, () -> state(id) == JobState.SUCCEEDED);
        assertThat(state(id)).isEqualTo(JobState.SUCCEEDED);
        assertThat(metrics.find("windlass.messages.dead").counters()).isEmpty();
    }

    /** Finding P51: the dead letters cannot be written, and good messages came with a bad one. */
    @Test
    void shouldHandleTheGoodOnesWhereABadOneCannotBeBuried() {
        JobId id = startedJob();
        queue.send(List.of("rubbish", body(complete(id, 5, true))));
        CountingQueue noDeadLetters =
                new CountingQueue(queue) {
                    @Override
                    public void bury(Received message) {
                        throw new QueueAwayException("no dead letters, in a test");
                    }
                };
        consumer = consumer(noDeadLetters);
        receiveUntil(4, () -> handled() == 1);
        assertThat(state(id)).isEqualTo(JobState.SUCCEEDED);
        assertThat(handled()).isEqualTo(1);
        assertThat(queue.receive(Duration.ofSeconds(2)))
                .extracting(MessageQueue.Received::body)
                .containsExactly("rubbish");
    }

    @Test
    void shouldDropWhatIsOlderThanTheQueueKeepsIt() {
        JobId id = startedJob();
        codec = new EnvelopeCodec(OURS, InstantSource.fixed(Instant.EPOCH.plusSeconds(7_200)));
        queue.send(List.of(body(complete(id, 5, true))));
        Counter expired = metrics.counter("windlass.messages.expired", "queue", "observations");
        consumer = consumer(queue);
        receiveUntil(4, () -> expired.count() == 1);
        assertThat(expired.count()).isEqualTo(1);
        assertThat(state(id)).isEqualTo(JobState.STARTING);
        assertThat(queue.receive(Duration.ZERO)).isEmpty();
        assertThat(metrics.find("windlass.messages.dead").counters()).isEmpty();
    }
}
