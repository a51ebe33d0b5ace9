package io.windlass.queue;

import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** A queue that may lose, duplicate, delay and reorder. */
public interface MessageQueue {
    /**
     * In as few calls as fit. What was not taken comes back; all others were, whatever came of
     * these.
     */
    List<Unsent> send(List<String> bodies);

    /** Up to ten, waiting up to {@code wait} for the first. */
    List<Received> receive(Duration wait);

    void delete(Collection<Received> messages);

    /** Makes them visible again at once. */
    void release(Collection<Received> messages);

    /**
     * Puts a message that can never be handled where people find it; the caller deletes it here.
     */
    void bury(Received message);

    /**
     * What the queue did not take.
     *
     * @param index among the bodies
     * @param ownFault it will not be taken either when it is sent again
     * @param why the queue's own code, and nothing of what was to be sent
     */
    record Unsent(int index, boolean ownFault, String why) {}

    /**
     * The last time it comes: if it is not deleted now, the queue itself makes it a dead letter.
     */
    record Received(String id, String handle, String body, boolean lastTime) {}
}
