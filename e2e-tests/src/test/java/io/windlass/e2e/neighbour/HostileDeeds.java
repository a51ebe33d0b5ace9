package io.windlass.e2e.neighbour;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.windlass.e2e.neighbour.HostileCase.Annotate;
import io.windlass.e2e.neighbour.HostileCase.Request;
import io.windlass.e2e.neighbour.HostileCase.Sql;
import io.windlass.harness.Cluster;
import io.windlass.harness.Service;
import io.windlass.harness.Stack;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What one hostile namespace can do, and in a word what came of it. */
final class HostileDeeds {
    private static final Duration LATE = Duration.ofSeconds(60);
    private static final int OBJECTS_AT_ONCE = 3;
    private static final int LOOKED_AT = 64 << 10;
    private static final Pattern ID = Pattern.compile("\\{id:([a-z0-9-]+)}");
    private static final Pattern STATUS = Pattern.compile("\"status\":\\s*\"?(\\d{3})");

    private static final Lock DATABASE = new ReentrantLock();
    private static final Map<HostileBody, byte[]> CONSTANT = new ConcurrentHashMap<>();

    private final Stack stack;
    private final Cluster cluster;
    private final String namespace;
    private final CountDownLatch over;
    private final HttpClient http;
    private final AtomicInteger calls = new AtomicInteger();

    HostileDeeds(
            Stack stack, Cluster cluster, String namespace, CountDownLatch over, HttpClient http) {
        this.stack = stack;
        this.cluster = cluster;
        this.namespace = namespace;
        this.over = over;
        this.http = http;
    }

    String namespace() {
        return namespace;
    }

    String done(HostileCase one, int index) throws InterruptedException, SQLException {
        UnaryOperator<String> filled =
                text ->
                        text.replace("{namespace}", namespace)
                                .replace("{i}", Integer.toString(index));
        return switch (one.deed()) {
            case Request request -> called(request, filled);
            case Sql sql -> changed(filled.apply(sql.statement()));
            case Annotate how -> annotated(how, filled);
            case HostileCase.Hang hang ->
                    throw new IllegalArgumentException("a webhook is put up once: " + hang);
        };
    }

    private String called(Request request, UnaryOperator<String> filled)
            throws InterruptedException, SQLException {
        String path = filled.apply(request.path());
        Matcher wanted = ID.matcher(path);
        if (wanted.find()) {
            List<String> ids =
                    column(
                            "select id from job where namespace = '%s' and name = '%s' order by submitted_at desc limit 1"
                                    .formatted(namespace, wanted.group(1)));
            if (ids.isEmpty()) {
                return AnswerTable.NOTHING;
            }
            path = wanted.replaceFirst(ids.getFirst());
        }
        byte[] body = request.body() == null ? new byte[0] : bytes(request.body(), filled);
        List<Service> servers = stack.services("web-server");
        int port = servers.get(calls.getAndIncrement() % servers.size()).port();
        if (request.sends() != null || request.reads() != null) {
            return new SlowClient(port, stack.token(), over).call(request, path, body);
        }
        return called(request, "http://127.0.0.1:" + port + path, body);
    }

    /** What is the same each time is made once: this process has others to serve. */
    private static byte[] bytes(HostileBody body, UnaryOperator<String> filled) {
        return body.isConstant()
                ? CONSTANT.computeIfAbsent(body, one -> one.bytes(filled))
                : body.bytes(filled);
    }

    private String called(Request request, String url, byte[] body) throws InterruptedException {
        Map<String, String> headers = new HashMap<>(request.headers());
        headers.put("Authorization", "Bearer " + stack.token());
        HttpRequest.Builder call =
                HttpRequest.newBuilder(URI.create(url))
                        .timeout(LATE)
                        .method(
                                request.method(),
                                body.length == 0
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(call::header);
        try {
            HttpResponse<InputStream> answer =
                    http.send(call.build(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream in = answer.body()) {
                String begin = new String(in.readNBytes(LOOKED_AT), StandardCharsets.UTF_8);
                in.transferTo(OutputStream.nullOutputStream());
                return answer.statusCode() + ofEach(begin);
            }
        } catch (HttpTimeoutException e) {
            return AnswerTable.LATE;
        } catch (IOException e) {
            return AnswerTable.CUT;
        }
    }

    /** Of a batch: which statuses its lines have. */
    static String ofEach(String body) {
        if (!body.contains("\"index\"")) {
            return "";
        }
        TreeSet<String> statuses = new TreeSet<>();
        Matcher status = STATUS.matcher(body);
        while (status.find()) {
            statuses.add(status.group(1));
        }
        return statuses.isEmpty() ? "" : " of " + String.join(" and ", statuses);
    }

    private String changed(String sql) {
        try {
            return column(sql).isEmpty() ? AnswerTable.NOTHING : AnswerTable.DONE;
        } catch (SQLException e) {
            // somebody else has the row: it is tried again
            return AnswerTable.REFUSED + " " + e.getSQLState();
        }
    }

    /** One at a time, or the services would find no connection: that is no way to be hostile. */
    private List<String> column(String sql) throws SQLException {
        DATABASE.lock();
        try {
            return stack.database().column(sql);
        } finally {
            DATABASE.unlock();
        }
    }

    private String annotated(Annotate how, UnaryOperator<String> filled) {
        String value = new String(how.value().bytes(filled), StandardCharsets.UTF_8);
        try {
            List<? extends HasMetadata> found = objects(how.kind());
            List<? extends HasMetadata> these =
                    found.stream()
                            .filter(o -> o.getMetadata().getName().startsWith(how.ofJobs()))
                            .filter(o -> !value.equals(annotation(o, how.key())))
                            .limit(OBJECTS_AT_ONCE)
                            .toList();
            these.forEach(o -> annotate(o, how.key(), value));
            return these.isEmpty() ? AnswerTable.NOTHING : AnswerTable.DONE;
        } catch (KubernetesClientException e) {
            return AnswerTable.REFUSED + " " + e.getCode();
        }
    }

    private static String annotation(HasMetadata object, String key) {
        Map<String, String> all = object.getMetadata().getAnnotations();
        return all == null ? "" : all.getOrDefault(key, "");
    }

    private List<? extends HasMetadata> objects(String kind) {
        return switch (kind) {
            case "pods" -> cluster.client().pods().inNamespace(namespace).list().getItems();
            case "jobs" ->
                    cluster.client().batch().v1().jobs().inNamespace(namespace).list().getItems();
            default -> throw new IllegalArgumentException("neither pods nor jobs: " + kind);
        };
    }

    private void annotate(HasMetadata object, String key, String value) {
        String name = object.getMetadata().getName();
        if (object instanceof Job) {
            cluster.client()
                    .batch()
                    .v1()
                    .jobs()
                    .inNamespace(namespace)
                    .withName(name)
                    .edit(job ->
                            new JobBuilder(job)
                                    .editMetadata()
                                    .addToAnnotations(key, value)
                                    .endMetadata()
                                    .build());
        } else {
            cluster.client()
                    .pods()
                    .inNamespace(namespace)
                    .withName(name)
                    .edit(pod ->
                            new PodBuilder(pod)
                                    .editMetadata()
                                    .addToAnnotations(key, value)
                                    .endMetadata()
                                    .build());
        }
    }
}
