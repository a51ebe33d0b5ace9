package io.windlass.processor;

import io.micrometer.core.instrument.MeterRegistry;
import io.windlass.job.Decision;
import io.windlass.job.Job;
import io.windlass.job.Progress;

/** Counts the answers that this processor writes, by state and reason. */
final class EndedJobs {
    static final String NAME = "windlass.jobs.ended";

    private EndedJobs() {}

    static void count(MeterRegistry metrics, Job before, Decision decision) {
        Progress after = before.after(decision).progress();
        if (after.state().terminal() && !before.state().terminal()) {
            String reason = after.reason() == null ? "" : after.reason();
            metrics.counter(NAME, "state", after.state().name(), "reason", reason).increment();
        }
    }
}
