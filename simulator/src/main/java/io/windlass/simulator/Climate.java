package io.windlass.simulator;

import java.time.Duration;

/** The weather as it is now: everybody asks it anew. */
final class Climate {
    private static final Duration USUAL_REST = Duration.ofSeconds(3);
    private static final Duration REST_IN_CALM = Duration.ofSeconds(15);

    /** What is shorter is no poll: somebody holds something back on purpose. */
    private static final Duration SHORTEST_POLL = Duration.ofMillis(100);

    private static final Duration USUAL_PACE = Duration.ofSeconds(4);

    /** As on a single machine, where a Job has failed before its pod's end was told. */
    private static final Duration QUICK_PACE = Duration.ofMillis(20);

    /** For many thousands it takes some seconds, in the best of weathers. */
    private static final Duration LONGEST_LIST = Duration.ofSeconds(6);

    private Weather now;
    private Duration pace = USUAL_PACE;
    private boolean calm;
    private Duration leastRest = USUAL_REST;
    private String createsHangIn = "";
    private double madeNevertheless;

    Climate(Weather first) {
        now = first;
    }

    Weather now() {
        return now;
    }

    /** Polls are rarer than in life: what is woken does not wait for them. */
    Duration leastRest() {
        return leastRest;
    }

    Duration rest(Duration asked) {
        boolean onPurpose = calm && asked.compareTo(SHORTEST_POLL) < 0;
        return onPurpose || asked.compareTo(leastRest) > 0 ? asked : leastRest;
    }

    /** The longest that a controller or a kubelet takes for a step. */
    Duration pace() {
        return pace;
    }

    /** The longest that a list of all takes. */
    Duration longestList() {
        return LONGEST_LIST;
    }

    /** A webhook of that namespace does not answer, and whatever else clears it goes on. */
    void createsHangIn(String namespace, double nevertheless) {
        createsHangIn = namespace;
        madeNevertheless = nevertheless;
    }

    double madeNevertheless() {
        return madeNevertheless;
    }

    void createsHangNoMore() {
        createsHangIn = "";
    }

    boolean createHangs(String namespace) {
        return createsHangIn.equals(namespace);
    }

    boolean calm() {
        return calm;
    }

    /** Nothing is left to be done but to let a day pass. */
    void quietDay() {
        leastRest = Duration.ofMinutes(10);
    }

    void clears(boolean quick) {
        now = now.healed();
        leastRest = REST_IN_CALM;
        calm = true;
        pace = quick ? QUICK_PACE : USUAL_PACE;
    }
}
