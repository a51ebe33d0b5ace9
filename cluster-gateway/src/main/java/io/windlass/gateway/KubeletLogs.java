package io.windlass.gateway;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.windlass.json.Json;
import io.windlass.json.JsonSyntaxException;
import io.windlass.log.Position;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks kubelets through the API server, each log on a connection of its own: over HTTP/2 the number
 * of logs that can be followed would be that of the streams of one connection.
 */
@Singleton
final class KubeletLogs implements NodeLogs {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final int LONGEST_ERROR = 2_000;

    private final KubernetesClient client;

    KubeletLogs(KubernetesClient client) {
        Config config =
                new ConfigBuilder(client.getConfiguration())
                        .withHttp2Disable(true)
                        .withRequestTimeout(0)
                        .build();
        this.client = new KubernetesClientBuilder().withConfig(config).build();
    }

    @Override
    public InputStream open(Source source, Part part) throws IOException, InterruptedException {
        HttpClient http = client.getHttpClient();
        HttpRequest request = http.newHttpRequestBuilder().uri(url(source, part)).build();
        CompletableFuture<HttpResponse<InputStream>> answer =
                http.sendAsync(request, InputStream.class);
        HttpResponse<InputStream> response = await(answer, part instanceof Part.Following);
        if (response.isSuccessful()) {
            return response.body();
        }
        try (InputStream body = response.body()) {
            String why = said(new String(body.readNBytes(LONGEST_ERROR), StandardCharsets.UTF_8));
            throw response.code() == 404
                    ? new GoneException(why)
                    : new RefusedException(response.code(), why);
        }
    }

    /** An API server says it in a Status; what stands in between may say anything. */
    private static String said(String body) {
        try {
            return Json.parse(body) instanceof Map<?, ?> answer
                            && answer.get("message") instanceof String message
                    ? message
                    : body.strip();
        } catch (JsonSyntaxException e) {
            return body.strip();
        }
    }

    private static <T> T await(CompletableFuture<T> answer, boolean follow)
            throws IOException, InterruptedException {
        try {
            return follow ? answer.get() : answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new IOException("no answer within " + PATIENCE, e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            throw e;
        }
    }

    private String url(Source source, Part part) {
        StringBuilder url = new StringBuilder(client.getMasterUrl().toString());
        url.append("api/v1/namespaces/")
                .append(source.namespace())
                .append("/pods/")
                .append(source.pod())
                .append("/log?timestamps=true&container=")
                .append(source.container());
        if (source.previous()) {
            url.append("&previous=true");
        }
        url.append(
                switch (part) {
                    case Part.Following following -> "&follow=true" + since(following.after());
                    case Part.Present present -> since(present.after());
                    case Part.End end -> "&tailLines=" + end.lines();
                });
        return url.toString();
    }

    private static String since(@Nullable Position after) {
        return after == null
                ? ""
                : "&sinceTime="
                        + URLEncoder.encode(
                                Instant.ofEpochSecond(after.sinceSeconds()).toString(),
                                StandardCharsets.UTF_8);
    }

    @PreDestroy
    void close() {
        client.close();
    }
}
