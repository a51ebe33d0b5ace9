package io.windlass.store;

/** Gives committed events their place in the feed, ordered by version within a job. */
public interface Sequencing {
    /** How many events got their number; 0 also where another sequencer is at work. */
    int sequence(int most);
}
