package io.windlass.web;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** What a browser's EventSource does. */
record FeedReader(InputStream in, BufferedReader lines) implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** Where there is nothing to tell the answer begins with a heartbeat. */
    static FeedReader follow(WebServer web, String from) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                web.request("/api/v1/events")
                        .timeout(Duration.ofSeconds(30))
                        .header("Accept", "text/event-stream");
        if (!from.isEmpty()) {
            request.header("Last-Event-ID", from);
        }
        InputStream in =
                HTTP.send(request.build(), HttpResponse.BodyHandlers.ofInputStream()).body();
        return new FeedReader(
                in, new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)));
    }

    String nextId() throws IOException {
        return lineWith("id: ").substring(4);
    }

    String nextData() throws IOException {
        return lineWith("data: ").substring(6);
    }

    private String lineWith(String text) throws IOException {
        String line = lines.readLine();
        int heartbeats = 0;
        while (line != null && !line.contains(text)) {
            heartbeats += line.equals(": heartbeat") ? 1 : 0;
            if (heartbeats > 1) {
                throw new IOException("nothing came but heartbeats, no " + text);
            }
            line = lines.readLine();
        }
        if (line == null) {
            throw new IOException("the answer ended before " + text);
        }
        return line;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
