package io.windlass.web;

import io.windlass.job.Shares;
import io.windlass.store.NewJob;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The transactions of batches and bulk calls that run at once, shared by namespaces: a portion or a
 * page waits for a place each time, so that nobody waits for the end of another's call. How many
 * calls there are {@link OpenBatches} bounds, by caller.
 */
@Singleton
final class BatchPlaces {
    /** Less than the connections of a process: single calls go beside them. */
    static final int PLACES = 6;

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final class Waiting {
        private final String who;
        private boolean goes;

        private Waiting(String who) {
            this.who = who;
        }
    }

    private final Shares shares = new Shares(PLACES, Map.of());
    private final List<Waiting> line = new ArrayList<>();
    private final Duration patience;

    @Inject
    BatchPlaces() {
        this(PATIENCE);
    }

    BatchPlaces(Duration patience) {
        this.patience = patience;
    }

    /** A call that names no namespace counts as a namespace of its own. */
    static String call() {
        return "call " + UUID.randomUUID();
    }

    /** Their namespace, where they have one and the same. */
    static String of(List<NewJob> jobs, String call) {
        Set<String> namespaces =
                jobs.stream().map(job -> job.spec().namespace()).collect(Collectors.toSet());
        return namespaces.size() == 1 ? namespaces.iterator().next() : call;
    }

    <T> T with(String who, Supplier<T> work) {
        take(who);
        try {
            return work.get();
        } finally {
            giveBack(who);
        }
    }

    synchronized int waiting() {
        return line.size();
    }

    private synchronized void take(String who) {
        Waiting self = new Waiting(who);
        line.add(self);
        letThemGo();
        long end = System.nanoTime() + patience.toNanos();
        try {
            while (!self.goes && end - System.nanoTime() > 0) {
                TimeUnit.NANOSECONDS.timedWait(this, end - System.nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!self.goes) {
            line.remove(self);
            letThemGo();
            throw new ProblemException(
                    Problem.NO_PLACE, "other batches are before this one; send it again");
        }
    }

    private synchronized void giveBack(String who) {
        shares.giveBack(who);
        letThemGo();
    }

    private void letThemGo() {
        List<Waiting> chosen = Shares.choose(line, PLACES, one -> one.who, one -> List.of(shares));
        for (Waiting one : chosen) {
            one.goes = true;
            line.remove(one);
        }
        if (!chosen.isEmpty()) {
            notifyAll();
        }
    }
}
