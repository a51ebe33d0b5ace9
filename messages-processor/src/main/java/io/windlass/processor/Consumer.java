package io.windlass.processor;

import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.SpanKind;
import io.windlass.messages.Envelope;
import io.windlass.messages.EnvelopeCodec;
import io.windlass.messages.Message;
import io.windlass.queue.MessageQueue;
import io.windlass.queue.QueueAwayException;
import io.windlass.service.Tracing;
import io.windlass.store.DatabaseAwayException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Receives, hands over, acknowledges after the commit. What fails together is tried one by one. */
public final class Consumer {
    private static final Logger LOG = LoggerFactory.getLogger(Consumer.class);
    private static final Duration LONG_POLL = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private record Item(MessageQueue.Received received, Envelope envelope) {
        Message message() {
            return envelope.message();
        }
    }

    private final String name;
    private final MessageQueue queue;
    private final EnvelopeCodec codec;
    private final String cluster;
    private final Inbox inbox;
    private final BooleanSupplier databaseAnswers;
    private final Tracing tracing;
    private final MeterRegistry metrics;
    private boolean databaseAway;

    public Consumer(
            String name,
            MessageQueue queue,
            EnvelopeCodec codec,
            String cluster,
            Inbox inbox,
            BooleanSupplier databaseAnswers,
            Tracing tracing,
            MeterRegistry metrics) {
        this.name = name;
        this.queue = queue;
        this.codec = codec;
        this.cluster = cluster;
        this.inbox = inbox;
        this.databaseAnswers = databaseAnswers;
        this.tracing = tracing;
        this.metrics = metrics;
    }

    public Duration runOnce() {
        if (databaseAway && !databaseAnswers.getAsBoolean()) {
            return PAUSE;
        }
        databaseAway = false;
        try {
            List<MessageQueue.Received> received = queue.receive(LONG_POLL);
            if (!received.isEmpty()) {
                handle(decode(received));
            }
            return Duration.ZERO;
        } catch (QueueAwayException e) {
            LOG.warn("{}", e.getMessage());
            return PAUSE;
        }
    }

    private List<Item> decode(List<MessageQueue.Received> received) {
        List<Item> items = new ArrayList<>();
        List<MessageQueue.Received> refused = new ArrayList<>();
        for (MessageQueue.Received message : received) {
            switch (codec.decode(message.body())) {
                case EnvelopeCodec.Decoded.Valid valid -> {
                    if (valid.envelope().cluster().equals(cluster)) {
                        items.add(new Item(message, valid.envelope()));
                    } else {
                        refuse(message, "OTHER_CLUSTER", valid.envelope().cluster());
                        refused.add(message);
                    }
                }
                case EnvelopeCodec.Decoded.Refused no -> {
                    refuse(message, no.why().name(), no.detail());
                    refused.add(message);
                }
            }
        }
        queue.delete(refused);
        return items;
    }

    private void refuse(MessageQueue.Received message, String why, String detail) {
        LOG.warn("{}: message {} is a dead letter: {}: {}", name, message.id(), why, detail);
        metrics.counter("windlass.messages.dead", "queue", name, "why", why).increment();
        queue.bury(message);
    }

    private void handle(List<Item> items) {
        try {
            done(items);
        } catch (DatabaseAwayException e) {
            waitForDatabase(items, e);
        } catch (RuntimeException e) {
            LOG.warn("{}: a batch failed and is done one by one: {}", name, e.toString());
            oneByOne(items);
        }
    }

    /** All or none of them. */
    private void done(List<Item> items) {
        List<Tracing.Step> steps = items.stream().flatMap(item -> step(item).stream()).toList();
        try {
            inbox.handle(items.stream().map(Item::message).toList());
        } finally {
            steps.forEach(Tracing.Step::close);
        }
        queue.delete(items.stream().map(Item::received).toList());
        metrics.counter("windlass.messages.handled", "queue", name).increment(items.size());
    }

    /** Of the trace that a message belongs to: a nudge of nobody's begins none. */
    private Optional<Tracing.Step> step(Item item) {
        return Optional.ofNullable(item.envelope().traceparent())
                .map(trace ->
                        tracing.begin(
                                        "handle " + item.message().getClass().getSimpleName(),
                                        SpanKind.CONSUMER,
                                        trace)
                                .with("messaging.system", "aws_sqs")
                                .with("messaging.destination.name", name)
                                .with("messaging.message.id", item.received().id()));
    }

    private void oneByOne(List<Item> items) {
        for (Item item : items) {
            try {
                done(List.of(item));
            } catch (DatabaseAwayException e) {
                waitForDatabase(List.of(item), e);
            } catch (RuntimeException e) {
                failed(item.received(), e);
            }
        }
    }

    /** It comes again, until it has come too often. */
    private void failed(MessageQueue.Received message, RuntimeException e) {
        metrics.counter("windlass.messages.failed", "queue", name).increment();
        LOG.error("{}: message {} cannot be handled", name, message.id(), e);
        if (message.lastTime()) {
            refuse(message, "CANNOT_BE_HANDLED", e.toString());
            queue.delete(List.of(message));
        }
    }

    /**
     * Given back at once, and nothing more is taken: three minutes without a database must make no
     * dead letter.
     */
    private void waitForDatabase(List<Item> items, DatabaseAwayException e) {
        LOG.warn("{}: the database is away: {}", name, e.getMessage());
        databaseAway = true;
        queue.release(items.stream().map(Item::received).toList());
    }
}
