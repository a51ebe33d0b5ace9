package io.windlass.queue;

/** The queue does not answer, or not for all that was asked. */
public final class QueueAwayException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public QueueAwayException(String message, Throwable cause) {
        super(message, cause);
    }

    public QueueAwayException(String message) {
        super(message);
    }
}
