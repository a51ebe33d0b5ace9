package io.windlass.store;

import java.sql.SQLException;

/** What went wrong, in the words of the standard; libraries wrap it in causes of their own. */
final class SqlState {
    private SqlState() {}

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
