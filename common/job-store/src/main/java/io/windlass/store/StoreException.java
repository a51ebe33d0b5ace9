package io.windlass.store;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * The database refused. In its own first words only: drivers put statements with all their values
 * into messages, and values may be what nobody wants in a log.
 */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final @Nullable String constraint;

    private StoreException(String message, @Nullable String constraint) {
        super(message);
        this.constraint = constraint;
    }

    static StoreException of(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            ServerErrorMessage said =
                    t instanceof PSQLException e ? e.getServerErrorMessage() : null;
            if (said != null) {
                return new StoreException(
                        said.getSQLState() + ": " + said.getMessage(), said.getConstraint());
            }
        }
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof SQLException sql) {
                return new StoreException("SQL state " + sql.getSQLState(), null);
            }
        }
        return new StoreException(failure.getClass().getSimpleName(), null);
    }

    /** Which of the schema's constraints spoke. */
    public @Nullable String constraint() {
        return constraint;
    }
}
