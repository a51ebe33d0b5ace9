package io.windlass.podscheduler.bind;

import io.windlass.podscheduler.choose.PodView;

/** What is done to the cluster. Who words it decides nothing. */
public interface Deeds {
    Outcome bind(PodView pod, String node);

    /** Asked of the API server itself, where it is unclear whether a binding was taken. */
    boolean isAt(PodView pod, String node);

    void tellBound(PodView pod, String node);

    /**
     * Its condition and an event.
     *
     * @param version the resourceVersion that this is about: of a pod that has changed since, it
     *     would be untrue
     */
    void tellWaiting(PodView pod, String version, String why);

    void warn(PodView pod, String reason, String what);
}
