package io.windlass.service;

import io.micrometer.core.instrument.MeterRegistry;
import io.windlass.job.JobId;
import io.windlass.messages.EnvelopeCodec;
import io.windlass.messages.Installation;
import io.windlass.messages.Message;
import io.windlass.queue.QueueClient;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells the processors of a cluster that there is something to do. Lost ones cost a second, nothing
 * more.
 */
@Singleton
public final class Nudges {
    private final Map<String, Observer> senders = new HashMap<>();
    private final QueueClient queues;
    private final EnvelopeCodec codec;
    private final Installation installation;
    private final Loops loops;
    private final Machine machine;
    private final MeterRegistry metrics;

    Nudges(
            QueueClient queues,
            EnvelopeCodec codec,
            Installation installation,
            Loops loops,
            Machine machine,
            MeterRegistry metrics) {
        this.queues = queues;
        this.codec = codec;
        this.installation = installation;
        this.loops = loops;
        this.machine = machine;
        this.metrics = metrics;
    }

    /** However many were submitted, one is under way at a time. */
    public void submitted(String cluster, @Nullable String traceparent) {
        tell(cluster, "admit", new Message.Admit(), traceparent);
    }

    public void cancelRequested(String cluster, JobId id, String by, @Nullable String traceparent) {
        tell(cluster, id.toString(), new Message.CancelRequested(id, by), traceparent);
    }

    private void tell(String cluster, String key, Message message, @Nullable String traceparent) {
        sender(cluster).seen(key, message, traceparent);
    }

    private synchronized Observer sender(String cluster) {
        Observer sender = senders.get(cluster);
        if (sender == null) {
            sender =
                    new Observer(
                            "nudges-" + cluster,
                            queues.requests(cluster),
                            codec,
                            installation,
                            cluster,
                            Clock.systemUTC(),
                            machine,
                            metrics);
            loops.add(sender.loop());
            senders.put(cluster, sender);
        }
        return sender;
    }
}
