package io.windlass.simulator;

import io.windlass.queue.MessageQueue;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** A queue in memory that keeps the rules of SQS: visibility, counted receipts, dead letters. */
final class MemoryQueue implements MessageQueue {
    private static final int BATCH = 10;

    private static final class Waiting {
        private final String id;
        private final String body;
        private Instant visibleAt;
        private int received;

        private Waiting(String id, String body, Instant visibleAt) {
            this.id = id;
            this.body = body;
            this.visibleAt = visibleAt;
        }
    }

    private final InstantSource clock;
    private final Duration visibility;
    private final int mostReceipts;
    private final List<Waiting> messages = new ArrayList<>();
    private final List<String> deadLetters = new ArrayList<>();
    private List<Runnable> waiting = new ArrayList<>();
    private long ids;

    MemoryQueue(InstantSource clock, Duration visibility, int mostReceipts) {
        this.clock = clock;
        this.visibility = visibility;
        this.mostReceipts = mostReceipts;
    }

    @Override
    public List<Unsent> send(List<String> bodies) {
        bodies.forEach(body -> sendLate(body, Duration.ZERO));
        List<Runnable> told = waiting;
        waiting = new ArrayList<>();
        told.forEach(Runnable::run);
        return List.of();
    }

    void sendLate(String body, Duration delay) {
        messages.add(new Waiting("m" + ids++, body, clock.instant().plus(delay)));
    }

    /** Never waits: time is somebody else's here. */
    @Override
    public List<Received> receive(Duration wait) {
        Instant now = clock.instant();
        List<Received> taken = new ArrayList<>();
        for (Waiting message : List.copyOf(messages)) {
            if (taken.size() == BATCH || message.visibleAt.isAfter(now)) {
                continue;
            }
            if (message.received == mostReceipts) {
                messages.remove(message);
                deadLetters.add(message.body);
                continue;
            }
            message.received++;
            message.visibleAt = now.plus(visibility);
            taken.add(
                    new Received(
                            message.id,
                            message.id + "/" + message.received,
                            message.body,
                            message.received == mostReceipts));
        }
        return taken;
    }

    /** As in SQS, by the handle of any receipt. */
    @Override
    public void delete(Collection<Received> received) {
        received.forEach(r -> messages.removeIf(m -> m.id.equals(r.id())));
    }

    @Override
    public void release(Collection<Received> received) {
        for (Received one : received) {
            messages.stream()
                    .filter(m -> one.handle().equals(m.id + "/" + m.received))
                    .forEach(m -> m.visibleAt = clock.instant());
        }
    }

    @Override
    public void bury(Received message) {
        deadLetters.add(message.body());
    }

    /** Once, when something comes that can be received at once. */
    void whenSomethingComes(Runnable then) {
        waiting.add(then);
    }

    void purge() {
        messages.clear();
    }

    int size() {
        return messages.size();
    }

    List<String> deadLetters() {
        return deadLetters;
    }
}
