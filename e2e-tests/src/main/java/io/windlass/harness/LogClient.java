package io.windlass.harness;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Reads a job's log over HTTP, as far as it comes. */
public final class LogClient {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** Some readers get a line at a time: not each is looked at. */
    private static final long SAMPLE_NANOS = 2_000_000;

    /** Asked one after the other, without a byte. */
    private static final int EMPTY_ANSWERS_LIMIT = 30;

    private LogClient() {}

    /**
     * What came of it.
     *
     * @param cut it did not end as an answer does
     * @param lags of lines with their times, between being written and being read
     */
    public record Read(long bytes, String sha256, boolean cut, List<Duration> lags) {}

    /**
     * A log that was read to its last byte.
     *
     * @param sha256 of all that came
     * @param answers that it took: more than one where the reader was cut off, or came to what is
     *     left out
     */
    public record Whole(long bytes, String sha256, int answers) {}

    /** Takes what a reader is given. */
    @FunctionalInterface
    public interface Sink {
        void bytes(long offset, byte[] buffer, int count);
    }

    public static byte[] get(String url, String token, String path) throws IOException {
        try (InputStream body = open(url, token, path)) {
            return body.readAllBytes();
        }
    }

    public static InputStream open(String url, String token, String id, String query)
            throws IOException {
        return open(url, token, "/api/v1/jobs/" + id + "/logs" + query);
    }

    private static InputStream open(String url, String token, String path) throws IOException {
        return answer(url, token, path).body();
    }

    private static HttpResponse<InputStream> answer(String url, String token, String path)
            throws IOException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url + path))
                        .header("Authorization", "Bearer " + token)
                        .build();
        try {
            HttpResponse<InputStream> answer =
                    HTTP.send(request, HttpResponse.BodyHandlers.ofInputStream());
            if (answer.statusCode() != 200) {
                throw new IOException(
                        answer.statusCode()
                                + " "
                                + new String(answer.body().readAllBytes(), StandardCharsets.UTF_8));
            }
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    public static byte[] all(String url, String token, String id, String query) throws IOException {
        try (InputStream body = open(url, token, id, query)) {
            return body.readAllBytes();
        }
    }

    /** On a thread of its own, to its end. */
    public static CompletableFuture<Read> follow(
            String url, String token, String id, String query) {
        CompletableFuture<Read> done = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(() -> {
                    try (InputStream body = open(url, token, id, query)) {
                        done.complete(read(body));
                    } catch (IOException e) {
                        done.completeExceptionally(e);
                    }
                });
        return done;
    }

    /**
     * On a thread of its own, to the last byte of the first attempt: whoever is cut off, or comes
     * to what is left out, goes on by offset.
     */
    public static CompletableFuture<Whole> followWhole(
            String url, String token, String id, Sink sink) {
        CompletableFuture<Whole> done = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        done.complete(whole(url, token, id, sink));
                    } catch (IOException | RuntimeException e) {
                        done.completeExceptionally(e);
                    }
                });
        return done;
    }

    private static Whole whole(String url, String token, String id, Sink sink) throws IOException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[64 << 10];
        long offset = 0;
        int answers = 0;
        int empty = 0;
        while (empty < EMPTY_ANSWERS_LIMIT) {
            HttpResponse<InputStream> answer =
                    answer(
                            url,
                            token,
                            "/api/v1/jobs/"
                                    + id
                                    + "/logs?follow=true&raw=true&attempt=1&offset="
                                    + offset);
            long start = header(answer, "Windlass-Log-Offset", offset);
            offset = start;
            try (InputStream body = answer.body()) {
                int n;
                while ((n = body.read(buffer)) >= 0) {
                    digest.update(buffer, 0, n);
                    sink.bytes(offset, buffer, n);
                    offset += n;
                }
            } catch (IOException e) {
                // cut off
            }
            boolean closed =
                    answer.headers()
                            .firstValue("Windlass-Log-Closed")
                            .map(Boolean::parseBoolean)
                            .orElse(false);
            answers += offset > start ? 1 : 0;
            empty = offset > start ? 0 : empty + 1;
            if (closed && offset >= header(answer, "Windlass-Log-Bytes", Long.MAX_VALUE)) {
                return new Whole(offset, hex(digest.digest()), answers);
            }
        }
        throw new IOException("job " + id + ": nothing comes after byte " + offset);
    }

    private static long header(HttpResponse<?> answer, String name, long otherwise) {
        return answer.headers().firstValueAsLong(name).orElse(otherwise);
    }

    /** To its end, or to where it breaks off. */
    public static Read read(InputStream body) {
        MessageDigest digest = sha256();
        List<Duration> lags = new ArrayList<>();
        byte[] buffer = new byte[64 << 10];
        long bytes = 0;
        long sampled = System.nanoTime();
        String before = "\n";
        try {
            int n;
            while ((n = body.read(buffer)) >= 0) {
                digest.update(buffer, 0, n);
                bytes += n;
                if (System.nanoTime() - sampled > SAMPLE_NANOS) {
                    sampled = System.nanoTime();
                    lag(before + new String(buffer, 0, n, StandardCharsets.ISO_8859_1), lags);
                }
                before = buffer[n - 1] == '\n' ? "\n" : "";
            }
            return new Read(bytes, hex(digest.digest()), false, lags);
        } catch (IOException e) {
            return new Read(bytes, hex(digest.digest()), true, lags);
        }
    }

    /** By the last line that begins with a time. */
    private static void lag(String text, List<Duration> lags) {
        int line = text.lastIndexOf("\n20");
        if (line >= 0 && line + 32 < text.length() && text.charAt(line + 30) == 'Z') {
            Instant written = Instant.parse(text.substring(line + 1, line + 31));
            lags.add(Duration.between(written, Instant.now()));
        }
    }

    /** The median, that of 95 of 100, and the longest. */
    public static String percentiles(List<Duration> lags) {
        List<Duration> sorted = new ArrayList<>(lags);
        Collections.sort(sorted);
        return sorted.isEmpty()
                ? "no line with a time"
                : "%d / %d / %d ms"
                        .formatted(
                                sorted.get(sorted.size() / 2).toMillis(),
                                sorted.get(sorted.size() * 95 / 100).toMillis(),
                                sorted.getLast().toMillis());
    }

    public static String sha256(byte[] bytes) {
        return hex(sha256().digest(bytes));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
