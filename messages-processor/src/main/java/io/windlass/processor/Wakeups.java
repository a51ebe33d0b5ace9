package io.windlass.processor;

import io.windlass.job.Decision;
import io.windlass.job.Job;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Who is to be told of what was just committed, in this process; the others find it by themselves.
 */
@Singleton
public final class Wakeups {
    private final List<Runnable> whenDue = new CopyOnWriteArrayList<>();
    private final List<Runnable> whenRoom = new CopyOnWriteArrayList<>();
    private final List<Runnable> whenHistory = new CopyOnWriteArrayList<>();

    public void whenDue(Runnable listener) {
        whenDue.add(listener);
    }

    public void whenRoom(Runnable listener) {
        whenRoom.add(listener);
    }

    public void whenHistory(Runnable listener) {
        whenHistory.add(listener);
    }

    void room() {
        whenRoom.forEach(Runnable::run);
    }

    void due() {
        whenDue.forEach(Runnable::run);
    }

    void history() {
        whenHistory.forEach(Runnable::run);
    }

    void committed(Job before, Decision decision, Instant now) {
        List<Runnable> listeners = new ArrayList<>();
        if (decision.evidence() != null) {
            listeners.addAll(whenHistory);
        }
        Instant next = decision.next().dueAt();
        if (next != null && !next.isAfter(now)) {
            listeners.addAll(whenDue);
        }
        boolean leftStarting = before.state() != decision.next().state();
        if (leftStarting || decision.next().settled() != before.progress().settled()) {
            listeners.addAll(whenRoom);
        }
        listeners.forEach(Runnable::run);
    }
}
