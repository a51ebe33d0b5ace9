package io.windlass.job;

/** How something came to be known, and so how much it may decide. */
enum Sight {
    /** Told by a watch, perhaps late. */
    WATCHED,
    /** In a list of all, perhaps seconds old, and found to be as the row has it. */
    LISTED,
    /** By a look at this job alone, with all that there is to know of it. */
    LOOKED;

    boolean isLive() {
        return this != WATCHED;
    }
}
