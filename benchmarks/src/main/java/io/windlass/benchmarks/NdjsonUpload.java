package io.windlass.benchmarks;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;

/** A stream of jobs on one connection, whose results are read while it is still being sent. */
final class NdjsonUpload {
    // as much as curl sends at once
    private static final int CHUNK = 16 * 1024;

    private NdjsonUpload() {}

    /** How many were taken. */
    static int send(int port, String token, int count, IntFunction<String> jobs) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
            out.write(
                    """
                    POST /api/v1/jobs:batch HTTP/1.1\r
                    Host: 127.0.0.1\r
                    Authorization: Bearer %s\r
                    Content-Type: application/x-ndjson\r
                    Transfer-Encoding: chunked\r
                    \r
                    """
                            .formatted(token)
                            .getBytes(StandardCharsets.US_ASCII));
            CompletableFuture<Integer> taken = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> count(socket, count, taken));
            StringBuilder lines = new StringBuilder();
            for (int i = 0; i < count; i++) {
                lines.append(jobs.apply(i)).append('\n');
                if (lines.length() > CHUNK || i == count - 1) {
                    chunk(out, lines.toString());
                    lines.setLength(0);
                }
            }
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            return taken.get();
        }
    }

    private static void chunk(OutputStream out, String lines) throws IOException {
        byte[] bytes = lines.getBytes(StandardCharsets.UTF_8);
        out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.write(bytes);
        out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    private static void count(Socket socket, int all, CompletableFuture<Integer> taken) {
        int answered = 0;
        int good = 0;
        try {
            BufferedReader in =
                    new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8),
                            1 << 16);
            while (answered < all) {
                String line = in.readLine();
                if (line == null) {
                    throw new IOException("the stream ended after " + answered + " answers");
                }
                if (line.startsWith("{")) {
                    answered++;
                    good += line.contains("\"status\":202") ? 1 : 0;
                }
            }
            taken.complete(good);
        } catch (IOException e) {
            taken.completeExceptionally(e);
        }
    }
}
