package io.windlass.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The address of a server, as somebody gave it. */
final class ServerUrl {
    private static final int LAST_PORT = 65_535;
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private ServerUrl() {}

    /**
     * Without the slash at its end.
     *
     * @param where it was given
     */
    static String checked(String text, String where) throws Refusal {
        String url = text.strip();
        while (url.endsWith("/")) {
            url = url.substring(0, url.length() - 1);
        }
        URI uri = parsed(url);
        if (uri == null
                || uri.getHost() == null
                || !("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                || uri.getPort() > LAST_PORT
                || uri.getPort() == 0
                || uri.getRawUserInfo() != null
                || uri.getRawQuery() != null
                || uri.getRawFragment() != null) {
            throw Refusal.wrongCall(
                    where
                            + " is no URL of a server: '"
                            + text
                            + "'; give one such as https://jobs.example.com");
        }
        return url;
    }

    private static @Nullable URI parsed(String url) {
        try {
            return new URI(url);
        } catch (URISyntaxException e) {
            return null;
        }
    }

    static boolean isHere(String url) {
        return LOOPBACK.contains(URI.create(url).getHost());
    }
}
