package io.windlass.testing;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;

/** Takes traces by OTLP over HTTP, and looks for texts and trace ids in the bytes that came. */
public final class TestCollector implements AutoCloseable {
    private final HttpServer server;
    private final List<String> batches = new CopyOnWriteArrayList<>();

    public TestCollector() {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext(
                "/v1/traces",
                exchange -> {
                    boolean zipped =
                            "gzip"
                                    .equals(
                                            exchange.getRequestHeaders()
                                                    .getFirst("Content-Encoding"));
                    try (InputStream body =
                                    zipped
                                            ? new GZIPInputStream(exchange.getRequestBody())
                                            : exchange.getRequestBody();
                            exchange) {
                        ByteArrayOutputStream all = new ByteArrayOutputStream();
                        body.transferTo(all);
                        batches.add(all.toString(StandardCharsets.ISO_8859_1));
                        exchange.sendResponseHeaders(200, -1);
                    }
                });
        server.start();
    }

    public String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Whether a service has sent a step of that name in that trace. */
    public boolean has(String service, String traceId, String name) {
        String id = new String(HexFormat.of().parseHex(traceId), StandardCharsets.ISO_8859_1);
        return batches.stream()
                .anyMatch(batch ->
                        batch.contains(service) && batch.contains(id) && batch.contains(name));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
