package io.windlass.store;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The database does not answer, or does not do what it does at other times: try again later. What a
 * broken commit did is not known.
 */
public sealed class DatabaseAwayException extends RuntimeException
        permits DatabaseAwayException.Busy {
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

    /**
     * Something else was in the way of this piece of work. Nothing was done, and other work may
     * well be.
     */
    public static final class Busy extends DatabaseAwayException {
        private static final long serialVersionUID = 1L;

        Busy(String message, Throwable cause) {
            super(message, cause, false);
        }
    }

    /** Read-only, as a former primary is: only another connection can help. */
    static final String READ_ONLY = "25006";

    /** Rights or tables that are missing: an upgrade is under way. */
    private static final Set<String> NOT_READY = Set.of("42501", "42P01");

    /** Serialization, deadlock, a lock that is not free, a statement that somebody cancelled. */
    private static final Set<String> BUSY = Set.of("40001", "40P01", "55P03", "57014");

    /** Where it is the database's fault and passes; else nothing. */
    static Optional<DatabaseAwayException> of(Throwable failure) {
        if (explains(failure)) {
            return Optional.of(new DatabaseAwayException("the connection broke", failure, true));
        }
        String state = SqlState.of(failure);
        if (READ_ONLY.equals(state)) {
            return Optional.of(
                    new DatabaseAwayException("the database is read-only", failure, false));
        }
        String said = String.valueOf(StoreException.of(failure).getMessage());
        if (NOT_READY.contains(state)) {
            return Optional.of(new DatabaseAwayException(said, failure, false));
        }
        return BUSY.contains(state) ? Optional.of(new Busy(said, failure)) : Optional.empty();
    }

    private static boolean explains(Throwable failure) {
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
