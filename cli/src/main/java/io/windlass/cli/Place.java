package io.windlass.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which server is asked, and with what.
 *
 * @param source where the address stands, unless it was given in this call
 */
record Place(String url, Path authHeader, String source) {
    /** What the header of a request can hold. */
    static final Pattern HEADER_VALUE = Pattern.compile("[!-~]([ -~]*[!-~])?");

    private static final String HERE = "http://127.0.0.1:8080";

    /**
     * By what was said, else by the contexts, else where {@code windlass up} has its data.
     *
     * @param said a URL
     * @param context a name
     */
    static Place of(@Nullable String said, @Nullable String context, @Nullable Path authHeader)
            throws Refusal {
        String url = said == null || said.isBlank() || context != null ? null : said;
        Contexts.Context chosen =
                url == null
                        ? Contexts.read(Contexts.usualFile(System.getenv())).chosen(context)
                        : null;
        String ofContext = chosen == null ? null : chosen.authHeader();
        Path inUse =
                ofContext == null
                        ? DataFolder.usual().resolve("auth-header")
                        : FileNames.path(ofContext);
        Path header = authHeader == null ? inUse : authHeader;
        if (url != null) {
            return new Place(ServerUrl.checked(url, "--server"), header, "");
        }
        return chosen == null
                ? stored(header)
                : new Place(
                        ServerUrl.checked(chosen.server(), "the server of the context"),
                        header,
                        "");
    }

    /**
     * Where {@code windlass up} listens, or listened last; it writes that beside the header. It
     * never listens elsewhere: a file that names another machine would get somebody's token there.
     */
    private static Place stored(Path header) throws Refusal {
        Path address = header.resolveSibling("address");
        String url;
        try {
            url = ServerUrl.checked(Files.readString(address), address.toString());
        } catch (IOException e) {
            return new Place(HERE, header, "");
        }
        if (!ServerUrl.isHere(url)) {
            throw new Refusal(
                    "%s names %s, which is another machine; `windlass up` writes no such address. Give it with --server"
                            .formatted(address, url));
        }
        return new Place(url, header, "stored by `windlass up` in " + address);
    }

    /** As it is told where it does not work. */
    String told() {
        return source.isEmpty() ? url : url + " (" + source + ")";
    }

    /** The value of the header in its file. */
    String authorization() throws Refusal {
        try {
            String line = Files.readString(authHeader).strip();
            return header(
                    line.substring(line.indexOf(':') + 1).strip(),
                    authHeader + ": no Authorization header");
        } catch (IOException e) {
            throw new Refusal(
                    "no token: set WINDLASS_TOKEN, or name the file with --auth-header (%s cannot be read: %s)"
                            .formatted(authHeader, Why.ofFile(e)));
        }
    }

    static String header(String value, String otherwise) throws Refusal {
        if (!HEADER_VALUE.matcher(value).matches()) {
            throw new Refusal(otherwise);
        }
        return value;
    }
}
