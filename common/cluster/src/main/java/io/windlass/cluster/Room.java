package io.windlass.cluster;

/** Where memory is asked for before a page of objects is read. */
public interface Room {
    /** Until it is closed. */
    interface Held extends AutoCloseable {
        @Override
        void close();
    }

    /** There is always some. */
    Room ENDLESS = bytes -> () -> {};

    /** However long it takes. */
    Held await(long bytes) throws InterruptedException;
}
