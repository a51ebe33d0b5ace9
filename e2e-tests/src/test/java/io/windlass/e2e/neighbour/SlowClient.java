package io.windlass.e2e.neighbour;

import io.windlass.e2e.neighbour.HostileCase.Drip;
import io.windlass.e2e.neighbour.HostileCase.Request;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Sends a body, or reads an answer, a few bytes at a time, on a connection of its own. */
final class SlowClient {
    private static final Duration MOST_SILENT = Duration.ofSeconds(60);
    private static final int SMALL_BUFFER = 4 << 10;

    private final int port;
    private final String token;
    private final CountDownLatch over;

    SlowClient(int port, String token, CountDownLatch over) {
        this.port = port;
        this.token = token;
        this.over = over;
    }

    /** The status, and whether the server closed the connection before the client did. */
    String call(Request request, String path, byte[] body) throws InterruptedException {
        try (Socket socket = new Socket()) {
            // or all of a small answer would be on this side at once
            socket.setReceiveBufferSize(SMALL_BUFFER);
            socket.setSendBufferSize(SMALL_BUFFER);
            socket.connect(new InetSocketAddress("127.0.0.1", port), 5_000);
            socket.setSoTimeout(Math.toIntExact(MOST_SILENT.toMillis()));
            head(socket.getOutputStream(), request, path, body.length);
            boolean sent = send(socket, request.sends(), body);
            if (!sent && socket.getInputStream().available() == 0) {
                return AnswerTable.DONE + " the body was still taken";
            }
            String status = status(socket.getInputStream());
            return request.reads() == null ? status : status + read(socket, request.reads());
        } catch (SocketTimeoutException e) {
            return AnswerTable.LATE;
        } catch (IOException e) {
            return AnswerTable.CUT;
        }
    }

    private void head(OutputStream out, Request request, String path, int length)
            throws IOException {
        StringBuilder head = new StringBuilder();
        head.append("%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\n".formatted(request.method(), path));
        head.append("Authorization: Bearer %s\r\n".formatted(token));
        for (Map.Entry<String, String> header : request.headers().entrySet()) {
            head.append("%s: %s\r\n".formatted(header.getKey(), header.getValue()));
        }
        if (length > 0) {
            head.append("Content-Length: %d\r\n".formatted(length));
        }
        out.write(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    /** Whether all of it was sent; whoever has an answer before that sends no more. */
    private boolean send(Socket socket, @Nullable Drip drip, byte[] body)
            throws IOException, InterruptedException {
        OutputStream out = socket.getOutputStream();
        if (drip == null) {
            out.write(body);
            out.flush();
            return true;
        }
        long until = System.nanoTime() + drip.most().toNanos();
        for (int at = 0; at < body.length; at += drip.bytes()) {
            boolean answered = socket.getInputStream().available() > 0;
            if (answered || System.nanoTime() > until || pauseIsTheEnd(drip)) {
                return false;
            }
            try {
                out.write(body, at, Math.min(drip.bytes(), body.length - at));
                out.flush();
            } catch (IOException e) {
                // closed: perhaps with an answer
                return true;
            }
        }
        return true;
    }

    private static String status(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        int c;
        while ((c = in.read()) >= 0 && c != '\r') {
            line.append((char) c);
        }
        String[] parts = line.toString().split(" ", -1);
        if (parts.length < 2) {
            throw new IOException("no status: " + line);
        }
        return parts[1];
    }

    private String read(Socket socket, Drip drip) throws IOException, InterruptedException {
        long until = System.nanoTime() + drip.most().toNanos();
        byte[] buffer = new byte[drip.bytes()];
        socket.setSoTimeout(500);
        while (System.nanoTime() < until && !pauseIsTheEnd(drip)) {
            try {
                if (socket.getInputStream().read(buffer) < 0) {
                    return " to its end";
                }
            } catch (SocketTimeoutException e) {
                // nothing to read
                continue;
            } catch (IOException e) {
                return " cut off";
            }
        }
        return " let go";
    }

    private boolean pauseIsTheEnd(Drip drip) throws InterruptedException {
        return over.await(drip.every().toMillis(), TimeUnit.MILLISECONDS);
    }
}
