package io.windlass.processor;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import io.windlass.cluster.ClusterSettings;
import io.windlass.messages.EnvelopeCodec;
import io.windlass.queue.MessageQueue;
import io.windlass.queue.QueueClient;
import io.windlass.service.Loop;
import io.windlass.service.Loops;
import io.windlass.service.Tracing;
import io.windlass.store.Database;
import jakarta.annotation.PostConstruct;

/**
 * Who listens to the two queues of this cluster. Observations come in bursts, so two listen to
 * them.
 */
@Context
final class Consumers {
    private final QueueClient queues;
    private final EnvelopeCodec codec;
    private final String cluster;
    private final Inbox inbox;
    private final Database database;
    private final Loops loops;
    private final Tracing tracing;
    private final MeterRegistry metrics;

    Consumers(
            QueueClient queues,
            EnvelopeCodec codec,
            ClusterSettings cluster,
            Inbox inbox,
            Database database,
            Loops loops,
            Tracing tracing,
            MeterRegistry metrics) {
        this.queues = queues;
        this.codec = codec;
        this.cluster = cluster.name();
        this.inbox = inbox;
        this.database = database;
        this.loops = loops;
        this.tracing = tracing;
        this.metrics = metrics;
    }

    @PostConstruct
    void start() {
        MessageQueue observations = queues.observations(cluster);
        listen("requests", queues.requests(cluster));
        listen("observations", observations);
        listen("observations", observations);
    }

    private void listen(String name, MessageQueue queue) {
        Consumer consumer =
                new Consumer(
                        name, queue, codec, cluster, inbox, database::answers, tracing, metrics);
        loops.add(new Loop(name, consumer::runOnce));
    }
}
