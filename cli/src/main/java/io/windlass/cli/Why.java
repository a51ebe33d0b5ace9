package io.windlass.cli;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Why something with a file or a connection did not work, for people. */
final class Why {
    private Why() {}

    static String ofFile(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "there is no such file";
            case AccessDeniedException _ -> "permission denied";
            case CharacterCodingException _ -> "it is no text in UTF-8";
            case FileSystemException file when file.getReason() != null -> file.getReason();
            default -> text(e, "it cannot be opened");
        };
    }

    static String ofConnection(IOException e) {
        if (isCausedBy(e, UnresolvedAddressException.class)
                || isCausedBy(e, UnknownHostException.class)) {
            return "its name is not known";
        }
        return switch (e) {
            case ConnectException _ -> "the connection is refused";
            case HttpConnectTimeoutException _ -> "no connection in time";
            case HttpTimeoutException _ -> "nothing came in time";
            case SSLException tls -> "TLS: " + text(tls, "no agreement");
            default -> text(e, "the connection broke");
        };
    }

    private static boolean isCausedBy(Throwable e, Class<? extends Throwable> type) {
        for (Throwable t = e; t != null; t = t.getCause()) {
            if (type.isInstance(t)) {
                return true;
            }
        }
        return false;
    }

    private static String text(IOException e, String otherwise) {
        @Nullable String message = e.getMessage();
        return Objects.requireNonNullElse(message, otherwise);
    }
}
