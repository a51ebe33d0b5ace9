package io.windlass.migrations;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** Whether the database lets us in at all, before anything is done there. */
final class DatabaseConnection {
    private static final Pattern LINE_BREAKS = Pattern.compile("\\s*\\R\\s*");

    private DatabaseConnection() {}

    static void check(PGSimpleDataSource database) {
        try (Connection connection = database.getConnection()) {
            connection.isReadOnly();
        } catch (SQLException e) {
            throw new Refusal(
                    "no connection to " + withoutParameters(database) + ": " + inOneLine(e));
        }
    }

    /** With what can be done about it, where the certificate is the trouble. */
    static String inOneLine(Exception failure) {
        String why =
                LINE_BREAKS
                        .matcher(String.valueOf(ofTheDatabase(failure).getMessage()).strip())
                        .replaceAll(" ");
        return isOfTheCertificate(failure)
                ? why
                        + " (sslrootcert has to name a file with the authority that signed the"
                        + " certificate of the database, and the certificate has to name the host)"
                : why;
    }

    /** Without what those say through whose hands it went. */
    private static Throwable ofTheDatabase(Throwable failure) {
        for (@Nullable Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof SQLException) {
                return t;
            }
        }
        return failure;
    }

    private static boolean isOfTheCertificate(Throwable failure) {
        for (@Nullable Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof SSLException
                    || String.valueOf(t.getMessage()).contains("could not be verified")) {
                return true;
            }
        }
        return false;
    }

    /** A parameter may be a password. */
    private static String withoutParameters(PGSimpleDataSource database) {
        String url = database.getUrl();
        int parameters = url.indexOf('?');
        return parameters < 0 ? url : url.substring(0, parameters);
    }
}
