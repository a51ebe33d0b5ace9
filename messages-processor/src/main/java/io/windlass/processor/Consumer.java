package io.windlass.processor;

import io.micrometer.core.instrument.Counter;
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
    private static final Duration BETWEEN_WARNINGS = Duration.ofSeconds(1);

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
    private final Counter expired;
    private boolean databaseAway;
    private long told;
    private int untold;

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
        this.expired = metrics.counter("windlass.messages.expired", "queue", name);
    }

    public Duration runOnce() {
        if (databaseAway && !databaseAnswers.getAsBoolean()) {
            return PAUSE;
        }
        databaseAway = false;
        try {
            List<MessageQueue.Received> received = queue.receive(LONG_POLL);
            if (!received.isEmpty()) {
                handleAll(received);
            }
            return databaseAway ? PAUSE : Duration.ZERO;
        } catch (QueueAwayException e) {
            LOG.warn("{}", e.getMessage());
            return PAUSE;
        }
    }

    private record Refused(MessageQueue.Received received, String why, String detail) {}

    /** The good ones first: what becomes of the others is no concern of theirs. */
    private void handleAll(List<MessageQueue.Received> received) {
        List<Item> items = new ArrayList<>();
        List<Refused> refused = new ArrayList<>();
        List<MessageQueue.Received> old = new ArrayList<>();
        for (MessageQueue.Received message : received) {
            switch (codec.decode(message.body())) {
                case EnvelopeCodec.Decoded.Valid valid -> {
                    String theirs = valid.envelope().cluster();
                    if (theirs.equals(cluster)) {
                        items.add(new Item(message, valid.envelope()));
                    } else {
                        refused.add(new Refused(message, "OTHER_CLUSTER", theirs));
                    }
                }
                case EnvelopeCodec.Decoded.Refused no -> {
                    if (no.why() == EnvelopeCodec.Decoded.Why.TOO_OLD) {
                        old.add(message);
                    } else {
                        refused.add(new Refused(message, no.why().name(), no.detail()));
                    }
                }
            }
        }
        if (!items.isEmpty()) {
            handle(items);
        }
        refused.forEach(this::bury);
        expired.increment(old.size());
        queue.delete(old);
    }

    /** Where that fails it stays in the queue, and comes again. */
    private void bury(Refused refused) {
        try {
            queue.bury(refused.received());
            queue.delete(List.of(refused.received()));
        } catch (QueueAwayException e) {
            tell(refused, "cannot be put with the dead letters: " + e.getMessage());
            return;
        }
        tell(refused, "is a dead letter");
        metrics.counter("windlass.messages.dead", "queue", name, "why", refused.why()).increment();
    }

    /** Whoever sends many of them must not fill the log, too. */
    private void tell(Refused refused, String what) {
        long now = System.nanoTime();
        if (told != 0 && now - told < BETWEEN_WARNINGS.toNanos()) {
            untold++;
            return;
        }
        told = now;
        LOG.warn(
                "{}: message {} {}: {}: {}; {} more since the last that was told of",
                name,
                refused.received().id(),
                what,
                refused.why(),
                refused.detail(),
                untold);
        untold = 0;
    }

    private void handle(List<Item> items) {
        try {
            done(items);
        } catch (DatabaseAwayException.Busy e) {
            oneByOne(items);
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
        acknowledge(items);
        metrics.counter("windlass.messages.handled", "queue", name).increment(items.size());
    }

    private void acknowledge(List<Item> items) {
        try {
            queue.delete(items.stream().map(Item::received).toList());
        } catch (QueueAwayException e) {
            // they come again, and do nothing the second time
            LOG.warn(
                    "{}: {} messages are handled and not deleted: {}",
                    name,
                    items.size(),
                    e.getMessage());
        }
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
            } catch (DatabaseAwayException.Busy e) {
                LOG.info(
                        "{}: message {} is tried again: {}",
                        name,
                        item.received().id(),
                        e.getMessage());
                giveBack(List.of(item));
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
            bury(new Refused(message, "CANNOT_BE_HANDLED", e.toString()));
        }
    }

    /**
     * Given back at once, and nothing more is taken: three minutes without a database must make no
     * dead letter.
     */
    private void waitForDatabase(List<Item> items, DatabaseAwayException e) {
        LOG.warn("{}: the database is away: {}", name, e.getMessage());
        databaseAway = true;
        giveBack(items);
    }

    /**
     * Through no fault of their own, so that they may not become dead letters either: what came for
     * the last time is sent anew.
     */
    private void giveBack(List<Item> items) {
        List<MessageQueue.Received> back = new ArrayList<>();
        List<MessageQueue.Received> last = new ArrayList<>();
        items.forEach(i -> (i.received().lastTime() ? last : back).add(i.received()));
        if (!last.isEmpty()) {
            List<MessageQueue.Received> sent = new ArrayList<>(last);
            queue.send(last.stream().map(MessageQueue.Received::body).toList())
                    .forEach(unsent -> sent.remove(last.get(unsent.index())));
            queue.delete(sent);
        }
        queue.release(back);
    }
}
