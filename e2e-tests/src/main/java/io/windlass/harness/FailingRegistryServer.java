package io.windlass.harness;

import io.windlass.harness.FailingRegistryAnswer.Drop;
import io.windlass.harness.FailingRegistryAnswer.Forward;
import io.windlass.harness.FailingRegistryAnswer.Json;
import io.windlass.harness.FailingRegistryHttp.Request;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Speaks HTTP for {@link FailingRegistryRules}, and fetches from the real registry. */
final class FailingRegistryServer implements AutoCloseable {
    interface Pause {
        void take(Duration duration) throws InterruptedException;
    }

    private static final Logger LOG = System.getLogger(FailingRegistryServer.class.getName());
    private static final int WAITING_CONNECTIONS_LIMIT = 1024;
    private static final Duration REGISTRY_TIMEOUT = Duration.ofSeconds(60);
    private static final List<String> FORWARDED_HEADERS = List.of("Accept", "Range");

    /** Those that belong to one connection. */
    private static final Set<String> UNCOPIED_HEADERS =
            Set.of("connection", "transfer-encoding", "date", "server");

    private final ServerSocket server;
    private final URI registry;
    private final FailingRegistryRules rules;
    private final Pause pause;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(REGISTRY_TIMEOUT)
                    .build();

    FailingRegistryServer(
            InetSocketAddress listen, URI registry, FailingRegistryRules rules, Pause pause)
            throws IOException {
        this.registry = registry;
        this.rules = rules;
        this.pause = pause;
        this.server =
                new ServerSocket(listen.getPort(), WAITING_CONNECTIONS_LIMIT, listen.getAddress());
    }

    static FailingRegistryServer start(InetSocketAddress listen, URI registry) throws IOException {
        FailingRegistryRules rules = new FailingRegistryRules(System::nanoTime);
        FailingRegistryServer server =
                new FailingRegistryServer(listen, registry, rules, Thread::sleep);
        Thread.ofVirtual().start(server::serve);
        return server;
    }

    int port() {
        return server.getLocalPort();
    }

    /** Until it is closed. */
    void serve() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                sockets.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "closed, or the one who called has gone", e);
            }
        }
    }

    private void serve(Socket socket) {
        try (socket;
                InputStream in = new BufferedInputStream(socket.getInputStream());
                OutputStream out = new BufferedOutputStream(socket.getOutputStream())) {
            socket.setTcpNoDelay(true);
            Optional<Request> request = FailingRegistryHttp.read(in);
            while (request.isPresent() && answer(request.get(), out)) {
                out.flush();
                request = FailingRegistryHttp.read(in);
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "the one who called has gone", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            sockets.remove(socket);
        }
    }

    /** Whether the connection stays. */
    private boolean answer(Request request, OutputStream out)
            throws IOException, InterruptedException {
        FailingRegistryAnswer answer =
                rules.answer(
                        request.path(),
                        request.headers().get("Host"),
                        request.headers().containsKey("Authorization"));
        LOG.log(Level.DEBUG, "{0} {1}: {2}", request.method(), request.path(), answer);
        boolean stays =
                switch (answer) {
                    case Drop() -> false;
                    case Json json -> send(request, json, out);
                    case Forward forward -> forward(request, forward, out);
                };
        return stays && !request.endsConnection();
    }

    private static boolean send(Request request, Json answer, OutputStream out) throws IOException {
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        Map<String, List<String>> headers = new TreeMap<>();
        answer.headers().forEach((name, value) -> headers.put(name, List.of(value)));
        headers.put("Docker-Distribution-Api-Version", List.of("registry/2.0"));
        headers.put("Content-Type", List.of("application/json"));
        headers.put("Content-Length", List.of(Integer.toString(body.length)));
        FailingRegistryHttp.writeHead(out, answer.status(), headers);
        if (!request.isHead()) {
            out.write(body);
        }
        return true;
    }

    private boolean forward(Request request, Forward forward, OutputStream out)
            throws IOException, InterruptedException {
        pause.take(forward.after());
        HttpRequest.Builder asked =
                HttpRequest.newBuilder(registry.resolve(forward.path()))
                        .timeout(REGISTRY_TIMEOUT)
                        .method(request.method(), HttpRequest.BodyPublishers.noBody());
        FORWARDED_HEADERS.stream()
                .filter(request.headers()::containsKey)
                .forEach(name -> asked.header(name, request.headers().get(name)));
        HttpResponse<InputStream> response;
        try {
            response = client.send(asked.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException e) {
            String message = "the registry " + registry + " does not answer";
            LOG.log(Level.WARNING, message + ": " + e);
            Json gone = FailingRegistryRules.error(502, Map.of(), "UNAVAILABLE", message);
            return send(request, gone, out);
        }
        try (InputStream body = response.body()) {
            Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            headers.putAll(response.headers().map());
            UNCOPIED_HEADERS.forEach(headers::remove);
            FailingRegistryHttp.writeHead(out, response.statusCode(), headers);
            if (request.isHead()) {
                return true;
            }
            body.transferTo(out);
            // a body of unknown length ends with its connection
            return headers.containsKey("Content-Length");
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
        client.shutdownNow();
    }
}
