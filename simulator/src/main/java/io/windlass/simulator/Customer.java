package io.windlass.simulator;

import io.windlass.job.Decider;
import io.windlass.job.JobId;
import io.windlass.messages.Envelope;
import io.windlass.messages.EnvelopeCodec;
import io.windlass.messages.Installation;
import io.windlass.messages.Message;
import io.windlass.queue.MessageQueue;
import io.windlass.queue.QueueAwayException;
import io.windlass.store.DatabaseAwayException;
import io.windlass.store.Submissions;
import io.windlass.store.Wishes;
import java.time.Duration;
import java.util.List;

/**
 * A client with its web tier: submits under a key until it is told an id, and may cancel later. It
 * is never killed, so it knows what it was told.
 */
final class Customer {
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration LATEST_CANCEL = Duration.ofMinutes(4);

    private final World world;
    private final SimulatedProcess process;
    private final Oracle oracle;
    private final Submissions submissions;
    private final Wishes wishes;
    private final MessageQueue requests;
    private final Installation installation;
    private final Meant meant;

    Customer(
            World world,
            SimulatedProcess process,
            Oracle oracle,
            Wires wires,
            Decider decider,
            MemoryQueue requests,
            Installation installation,
            Meant meant) {
        this.world = world;
        this.process = process;
        this.oracle = oracle;
        this.submissions = wires.submissions();
        this.wishes = new Wishes(wires.progressions(), decider);
        this.requests = wires.queue(requests);
        this.installation = installation;
        this.meant = meant;
    }

    /** The id that it was told. */
    JobId submit() {
        while (true) {
            JobId id = JobId.at(world.instant().toEpochMilli(), world.random());
            try {
                JobId told =
                        switch (submissions.store(List.of(meant.job(id, meant.key()))).getFirst()) {
                            case Submissions.Outcome.Stored stored -> stored.id();
                            case Submissions.Outcome.SameAsBefore same -> same.id();
                            case Submissions.Outcome.KeyUsedOtherwise other ->
                                    throw new IllegalStateException(other.toString());
                        };
                oracle.accepted(told, meant);
                nudge(new Message.Admit());
                return told;
            } catch (DatabaseAwayException e) {
                process.sleep(PAUSE);
            }
        }
    }

    void maybeCancel(JobId id) {
        if (!meant.cancelled()) {
            return;
        }
        process.sleep(world.upTo(LATEST_CANCEL));
        boolean heard = false;
        while (!heard) {
            oracle.cancelAsked(id);
            try {
                wishes.cancel(id, "client")
                        .ifPresent(job -> nudge(new Message.CancelRequested(id, "client")));
                heard = true;
            } catch (DatabaseAwayException e) {
                process.sleep(PAUSE);
            }
        }
    }

    private void nudge(Message message) {
        try {
            requests.send(
                    List.of(
                            new EnvelopeCodec(installation)
                                    .encode(
                                            new Envelope(
                                                    process.randomId(),
                                                    installation.id(),
                                                    Processor.CLUSTER,
                                                    world.instant(),
                                                    null,
                                                    message))));
        } catch (QueueAwayException e) {
            // it only saves time
            world.traced("a nudge is lost");
        }
    }
}
