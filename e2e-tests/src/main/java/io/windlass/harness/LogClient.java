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

    private LogClient() {}

    /**
     * What came of it.
     *
     * @param cut it did not end as an answer does
     * @param lags of lines with their times, between being written and being read
     */
    public record Read(long bytes, String sha256, boolean cut, List<Duration> lags) {}

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
            return answer.body();
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
