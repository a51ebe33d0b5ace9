package io.windlass.store;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.jspecify.annotations.Nullable;

/** The database does not answer: try again later. What a broken commit did is not known. */
public final class DatabaseAwayException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean outcomeUnknown;

    public DatabaseAwayException(
            String message, @Nullable Throwable cause, boolean outcomeUnknown) {
        super(message, cause);
        this.outcomeUnknown = outcomeUnknown;
    }

    /** Whether the transaction may have been committed all the same. */
    public boolean outcomeUnknown() {
        return outcomeUnknown;
    }

    static boolean explains(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof SQLTransientConnectionException) {
                return true;
            }
            if (t instanceof SQLException sql && sql.getSQLState() != null) {
                String state = sql.getSQLState();
                // 08 connection, 57P shutdown or terminated, 53 resources, 25P transaction timeouts
                return state.startsWith("08")
                        || state.startsWith("57P")
                        || state.startsWith("53")
                        || state.startsWith("25P");
            }
        }
        return false;
    }
}
