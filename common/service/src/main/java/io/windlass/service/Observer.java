package io.windlass.service;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.windlass.messages.Envelope;
import io.windlass.messages.EnvelopeCodec;
import io.windlass.messages.Installation;
import io.windlass.messages.Message;
import io.windlass.queue.MessageQueue;
import io.windlass.queue.QueueAwayException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends what a watcher saw: callbacks only put it down here, a loop of its own sends it. */
public final class Observer {
    private static final Logger LOG = LoggerFactory.getLogger(Observer.class);
    private static final int BOUND = 20_000;
    private static final int AT_ONCE = 100;
    // a call costs the same for ten messages as for one, and most are outdated by the next
    private static final Duration BETWEEN_CALLS = Duration.ofMillis(40);
    private static final Duration IDLE = Duration.ofSeconds(5);
    private static final Duration QUEUE_AWAY = Duration.ofSeconds(1);

    private final Batcher<String, Told> waiting = new Batcher<>(BOUND);
    private final MessageQueue queue;
    private final EnvelopeCodec codec;
    private final Installation installation;
    private final String cluster;
    private final Clock clock;
    private final Machine machine;
    private final Counter refused;
    private final Loop loop;
    private volatile boolean urgent;
    private long lastCall;

    /** A message, and the trace that it belongs to. */
    public record Told(Message message, @Nullable String traceparent) {}

    public Observer(
            String name,
            MessageQueue queue,
            EnvelopeCodec codec,
            Installation installation,
            String cluster,
            Clock clock,
            Machine machine,
            MeterRegistry metrics) {
        this.queue = queue;
        this.codec = codec;
        this.installation = installation;
        this.cluster = cluster;
        this.clock = clock;
        this.machine = machine;
        this.refused = metrics.counter("windlass.messages.refused", "sender", name);
        this.lastCall = machine.nanoTime() - BETWEEN_CALLS.toNanos();
        this.loop = new Loop(name, this::runOnce);
    }

    public Loop loop() {
        return loop;
    }

    /** The latest of each uid is what gets sent; at once where nothing was sent just before. */
    public void seen(String uid, Message message) {
        seen(uid, message, null);
    }

    /** As a step of a trace. */
    public void seen(String uid, Message message, @Nullable String traceparent) {
        waiting.put(uid, new Told(message, traceparent));
        loop.wake();
    }

    /** Somebody waits for what was seen just now: it is not held back to be sent with others. */
    public void hurry() {
        urgent = true;
        loop.wake();
    }

    public Batcher<String, Told> waiting() {
        return waiting;
    }

    public Duration runOnce() {
        if (waiting.size() == 0) {
            return IDLE;
        }
        Duration early = BETWEEN_CALLS.minusNanos(machine.nanoTime() - lastCall);
        if (early.isPositive() && !urgent && waiting.size() < AT_ONCE) {
            return early;
        }
        urgent = false;
        Map<String, Told> batch = waiting.take(AT_ONCE);
        lastCall = machine.nanoTime();
        try {
            return send(batch);
        } catch (QueueAwayException e) {
            LOG.warn("observations cannot be sent: {}", e.getMessage());
            waiting.giveBack(batch);
            return QUEUE_AWAY;
        }
    }

    /** Only what was not sent comes back, and not what no queue would ever take. */
    private Duration send(Map<String, Told> batch) {
        List<String> keys = List.copyOf(batch.keySet());
        List<String> bodies = batch.values().stream().map(this::encoded).toList();
        List<MessageQueue.Unsent> unsent = queue.send(bodies);
        Map<String, Told> again = new LinkedHashMap<>();
        String why = "";
        for (MessageQueue.Unsent one : unsent) {
            String key = keys.get(one.index());
            if (one.ownFault()) {
                refused.increment();
                LOG.warn(
                        "what was seen of {} is refused by the queue and dropped: {} bytes, {}",
                        key,
                        bodies.get(one.index()).getBytes(StandardCharsets.UTF_8).length,
                        one.why());
            } else if (batch.get(key) != null) {
                again.put(key, batch.get(key));
                why = one.why();
            }
        }
        if (again.isEmpty()) {
            return Duration.ZERO;
        }
        LOG.warn("{} observations cannot be sent: {}", again.size(), why);
        waiting.giveBack(again);
        return QUEUE_AWAY;
    }

    private String encoded(Told told) {
        return codec.encode(
                new Envelope(
                        machine.randomId(),
                        installation.id(),
                        cluster,
                        clock.instant(),
                        told.traceparent(),
                        told.message()));
    }
}
