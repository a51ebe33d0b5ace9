package io.windlass.podscheduler.observe;

import io.windlass.podscheduler.choose.PodView;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A pod that is to be placed, and how that went so far. Guarded by its {@link Scene}. */
public final class Waiting {
    /**
     * While nodes fill up, reasons change with every pod that is bound: not each is worth a write.
     */
    private static final long BETWEEN_TELLINGS = Duration.ofSeconds(5).toNanos();

    private final long since;
    private PodView pod;
    private String version;
    private @Nullable String condition;
    private @Nullable String reason;
    private long toldAt;
    private long triedAt;
    private long notBefore;
    private int refusals;
    private boolean assumed;

    Waiting(PodView pod, String version, @Nullable String condition, long nanos) {
        this.pod = pod;
        this.version = version;
        this.condition = condition;
        this.since = nanos;
        this.notBefore = nanos;
        this.toldAt = nanos - BETWEEN_TELLINGS;
    }

    public PodView pod() {
        return pod;
    }

    /** The resourceVersion of what was seen. */
    public String version() {
        return version;
    }

    /** Since when this process knows of it. */
    public long since() {
        return since;
    }

    public int refusals() {
        return refusals;
    }

    void is(PodView now, String nowVersion, @Nullable String nowCondition) {
        if (!now.equals(pod)) {
            triedAt = 0;
        }
        pod = now;
        version = nowVersion;
        condition = nowCondition;
    }

    boolean isDue(long generation, long nanos) {
        return !assumed && triedAt < generation && nanos - notBefore >= 0;
    }

    void isTried(long generation, boolean nowAssumed) {
        triedAt = generation;
        assumed = nowAssumed;
    }

    void isRefused(long nanos) {
        assumed = false;
        triedAt = 0;
        refusals++;
        notBefore = nanos;
    }

    /** How long until it may be tried again; for ever where that depends on something else. */
    long restNanos(long generation, long nanos) {
        return assumed || triedAt >= generation ? Long.MAX_VALUE : Math.max(0, notBefore - nanos);
    }

    boolean isNews(String why) {
        boolean news = !why.equals(reason);
        reason = why;
        return news;
    }

    /** Whether its condition says something else, and is to be set right now. */
    boolean isToBeTold(String why, long nanos) {
        if (why.equals(condition) || nanos - toldAt < BETWEEN_TELLINGS) {
            return false;
        }
        toldAt = nanos;
        return true;
    }
}
