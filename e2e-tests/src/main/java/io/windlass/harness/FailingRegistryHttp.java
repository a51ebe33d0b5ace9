package io.windlass.harness;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * As much of HTTP/1.1 as a pull needs. The JDK's server writes no reason phrase for 429, but a node
 * copies the phrase into what a pod reports, and real registries send one.
 */
final class FailingRegistryHttp {
    record Request(String method, String target, Map<String, String> headers) {
        String path() {
            return target.split("\\?", 2)[0];
        }

        boolean isHead() {
            return method.equals("HEAD");
        }

        boolean endsConnection() {
            return headers.getOrDefault("Connection", "").equalsIgnoreCase("close");
        }
    }

    private FailingRegistryHttp() {}

    /** Nothing where the caller has closed the connection. */
    static Optional<Request> read(InputStream in) throws IOException {
        String first = line(in);
        if (first == null) {
            return Optional.empty();
        }
        String[] words = first.split(" ", 3);
        if (words.length < 3) {
            throw new IOException("not HTTP: " + first);
        }
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
            String[] pair = line.split(":", 2);
            headers.put(pair[0], pair.length < 2 ? "" : pair[1].strip());
        }
        in.skipNBytes(Long.parseLong(headers.getOrDefault("Content-Length", "0")));
        return Optional.of(new Request(words[0], words[1], headers));
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0 && line.isEmpty()) {
                return null;
            }
            if (next < 0) {
                throw new EOFException(line.toString());
            }
            line.append((char) next);
        }
        return line.toString().stripTrailing();
    }

    static void writeHead(OutputStream out, int status, Map<String, List<String>> headers)
            throws IOException {
        StringBuilder head =
                new StringBuilder("HTTP/1.1 " + status + " " + phrase(status) + "\r\n");
        headers.forEach((name, values) ->
                values.forEach(
                        value -> head.append(name).append(": ").append(value).append("\r\n")));
        out.write((head + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String phrase(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 206 -> "Partial Content";
            case 301 -> "Moved Permanently";
            case 302 -> "Found";
            case 307 -> "Temporary Redirect";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 402 -> "Payment Required";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 408 -> "Request Timeout";
            case 416 -> "Requested Range Not Satisfiable";
            case 418 -> "I'm a Teapot";
            case 429 -> "Too Many Requests";
            case 500 -> "Internal Server Error";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            case 504 -> "Gateway Timeout";
            default -> "";
        };
    }
}
