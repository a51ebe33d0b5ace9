package io.windlass.service;

import io.micronaut.context.event.ShutdownEvent;
import io.micronaut.runtime.event.annotation.EventListener;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** All loops of this process: begun once the server is up, ended before anything that they use. */
@Singleton
public final class Loops {
    private static final Duration TOO_LONG = Duration.ofMinutes(2);

    private final List<Loop> loops = new ArrayList<>();
    private boolean running;

    public synchronized Loop add(Loop loop) {
        loops.add(loop);
        if (running) {
            loop.start();
        }
        return loop;
    }

    @EventListener
    synchronized void start(ServerStartupEvent event) {
        running = true;
        loops.forEach(Loop::start);
    }

    @EventListener
    synchronized void stop(ShutdownEvent event) {
        running = false;
        // all at once: each may wait for what it has asked somebody
        loops.forEach(Loop::finish);
        loops.forEach(Loop::close);
    }

    /** Those that have not ended a round for so long that a restart is better than hope. */
    synchronized List<String> stuck() {
        return loops.stream()
                .filter(loop -> running && loop.inRoundSince().compareTo(TOO_LONG) > 0)
                .map(Loop::name)
                .toList();
    }
}
