package io.windlass.web;

import io.micronaut.core.annotation.Order;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import java.net.URI;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Nobody gets past here without a token, but to what says whether we live and how we are spoken to.
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class AccessFilter {
    private static final Set<String> OPEN =
            Set.of("/healthz", "/openapi.yml", "/docs", "/prometheus");
    // below /internal is another service's, where both are one process: it has a guard of its own
    private static final List<String> OPEN_BELOW = List.of("/health", "/docs/", "/internal/v1/");

    private final Callers callers;
    private final List<String> hosts;

    AccessFilter(Callers callers, ApiSettings settings) {
        this.callers = callers;
        this.hosts = settings.allowedHosts();
    }

    @RequestFilter
    @Order(-1_000)
    @Nullable HttpResponse<?> check(HttpRequest<?> request) {
        if (!hostAllowed(request)) {
            return Problems.response(
                    new ProblemException(
                            Problem.FORBIDDEN, "this server is not called by that host's name"));
        }
        if (open(request.getPath())) {
            return null;
        }
        Caller caller = callers.identify(request).orElse(null);
        if (caller == null) {
            return Problems.response(
                    new ProblemException(
                            Problem.UNAUTHORIZED, "send the header Authorization: Bearer TOKEN"));
        }
        request.setAttribute(Caller.ATTRIBUTE, caller);
        return packed(request)
                ? Problems.response(
                        new ProblemException(
                                Problem.UNSUPPORTED_MEDIA_TYPE,
                                "bodies are read as they are: send this one without Content-Encoding"))
                : null;
    }

    private static boolean packed(HttpRequest<?> request) {
        String encoding = request.getHeaders().get(HttpHeaders.CONTENT_ENCODING);
        return encoding != null && !encoding.equalsIgnoreCase("identity");
    }

    private static boolean open(String path) {
        return OPEN.contains(path) || OPEN_BELOW.stream().anyMatch(path::startsWith);
    }

    /** On a laptop any web page can reach loopback; its Host or Origin tells it from a person. */
    private boolean hostAllowed(HttpRequest<?> request) {
        if (hosts.isEmpty()) {
            return true;
        }
        String origin = request.getHeaders().get("Origin");
        return hosts.contains(hostOf(request.getHeaders().get("Host")))
                && (origin == null || hosts.contains(hostOfOrigin(origin)));
    }

    private static String hostOf(@Nullable String authority) {
        if (authority == null) {
            return "";
        }
        int port = authority.lastIndexOf(':');
        return port > authority.lastIndexOf(']') ? authority.substring(0, port) : authority;
    }

    private static String hostOfOrigin(String origin) {
        try {
            String host = URI.create(origin).getHost();
            return host == null ? "" : host;
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
