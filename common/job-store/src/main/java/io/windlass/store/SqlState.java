package io.windlass.store;

import java.sql.SQLException;
import java.util.Set;

/** What went wrong, in the words of the standard; libraries wrap it in causes of their own. */
final class SqlState {
    /** A transaction that lasted too long, and a statement. */
    private static final Set<String> TOO_LONG = Set.of("25P04", "57014");

    private SqlState() {}

    static boolean tookTooLong(Throwable failure) {
        return TOO_LONG.contains(of(failure));
    }

    /** Empty where none is told. */
    static String of(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof SQLException sql && sql.getSQLState() != null) {
                return sql.getSQLState();
            }
        }
        return "";
    }
}
