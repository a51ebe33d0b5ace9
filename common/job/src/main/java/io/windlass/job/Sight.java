package io.windlass.job;

/** How something came to be known, and so how much it may decide. */
enum Sight {
    /** Told by a watch, perhaps late. */
    WATCHED,
    /** In a list of all that is there now, without its events. */
    LISTED,
    /** By a look at this job alone, with all that there is to know of it. */
    LOOKED;

    boolean isLive() {
        return this != WATCHED;
    }
}
