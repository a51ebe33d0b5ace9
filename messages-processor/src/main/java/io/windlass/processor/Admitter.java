package io.windlass.processor;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import io.windlass.cluster.ClusterSettings;
import io.windlass.service.Loop;
import io.windlass.service.Loops;
import io.windlass.store.Admissions;
import jakarta.annotation.PostConstruct;
import java.time.Duration;

/** Looks every second, and when told that there is something new or room, for jobs that may go. */
@Context
public final class Admitter {
    private final Admissions admissions;
    private final AdmissionSettings settings;
    private final ClusterGate gate;
    private final String cluster;
    private final Wakeups wakeups;
    private final Loops loops;
    private final Counter admitted;
    private final Counter setAside;

    public Admitter(
            Admissions admissions,
            AdmissionSettings settings,
            ClusterGate gate,
            ClusterSettings cluster,
            Wakeups wakeups,
            Loops loops,
            MeterRegistry metrics) {
        this.admissions = admissions;
        this.settings = settings;
        this.gate = gate;
        this.cluster = cluster.name();
        this.wakeups = wakeups;
        this.loops = loops;
        this.admitted = metrics.counter("windlass.jobs.admitted");
        this.setAside = metrics.counter("windlass.set.aside", "where", "admission");
    }

    @PostConstruct
    void start() {
        Loop loop = loops.add(new Loop("admitter", this::runOnce));
        wakeups.whenRoom(loop::wake);
    }

    /** What is admitted where nothing is done only stands there. */
    public Duration runOnce() {
        if (!gate.isOpen()) {
            return settings.interval();
        }
        Admissions.Round round =
                admissions.admit(
                        cluster,
                        new Admissions.Bounds(
                                settings.maxJobs(),
                                settings.maxPods(),
                                settings.maxPending(),
                                settings.perRound()));
        setAside.increment(round.setAside());
        if (round.admitted() > 0) {
            admitted.increment(round.admitted());
            wakeups.due();
            wakeups.history();
        }
        return round.more() ? Duration.ZERO : settings.interval();
    }
}
