package io.windlass.podscheduler.bind;

import io.windlass.podscheduler.choose.PodView;

/** Touches nothing: everything is taken as done. */
public final class DryDeeds implements Deeds {
    @Override
    public Outcome bind(PodView pod, String node) {
        return new Outcome.Bound();
    }

    @Override
    public boolean isAt(PodView pod, String node) {
        return true;
    }

    @Override
    public void tellBound(PodView pod, String node) {
        // nobody is told
    }

    @Override
    public void tellWaiting(PodView pod, String version, String why) {
        // nobody is told
    }

    @Override
    public void warn(PodView pod, String reason, String what) {
        // nobody is told
    }
}
