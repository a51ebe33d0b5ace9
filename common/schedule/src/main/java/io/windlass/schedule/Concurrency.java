package io.windlass.schedule;

/** What an instant does while an earlier run has not ended; by these names in the API. */
public enum Concurrency {
    ALLOW("Allow"),
    FORBID("Forbid"),
    REPLACE("Replace"),
    QUEUE("Queue");

    private final String text;

    Concurrency(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }
}
