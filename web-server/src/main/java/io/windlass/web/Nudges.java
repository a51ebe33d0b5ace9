package io.windlass.web;

import io.windlass.job.JobId;
import io.windlass.messages.EnvelopeCodec;
import io.windlass.messages.Installation;
import io.windlass.messages.Message;
import io.windlass.queue.QueueClient;
import io.windlass.service.Loops;
import io.windlass.service.Machine;
import io.windlass.service.Observer;
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
final class Nudges {
    private final Map<String, Observer> senders = new HashMap<>();

    Nudges(
            ApiSettings settings,
            QueueClient queues,
            EnvelopeCodec codec,
            Installation installation,
            Loops loops,
            Machine machine) {
        for (String cluster : settings.clusters()) {
            Observer sender =
                    new Observer(
                            "nudges-" + cluster,
                            queues.requests(cluster),
                            codec,
                            installation,
                            cluster,
                            Clock.systemUTC(),
                            machine);
            loops.add(sender.loop());
            senders.put(cluster, sender);
        }
    }

    /** However many were submitted, one is under way at a time. */
    void submitted(String cluster, @Nullable String traceparent) {
        tell(cluster, "admit", new Message.Admit(), traceparent);
    }

    void cancelRequested(String cluster, JobId id, String by, @Nullable String traceparent) {
        tell(cluster, id.toString(), new Message.CancelRequested(id, by), traceparent);
    }

    private void tell(String cluster, String key, Message message, @Nullable String traceparent) {
        Observer sender = senders.get(cluster);
        if (sender != null) {
            sender.seen(key, message, traceparent);
        }
    }
}
