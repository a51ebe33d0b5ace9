package io.windlass.web;

import io.micronaut.http.HttpRequest;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The one place that knows who a token belongs to. Roles and OIDC will come in here. */
@Singleton
final class Callers {
    private static final String BEARER = "Bearer ";
    private static final int SHORTEST_TOKEN = 16;

    private final List<byte[]> tokens = new ArrayList<>();
    private final Caller holder;

    Callers(ApiSettings settings) {
        String token = settings.token();
        if (token == null || token.length() < SHORTEST_TOKEN) {
            throw new IllegalStateException(
                    "set windlass.api.token (WINDLASS_API_TOKEN) to at least "
                            + SHORTEST_TOKEN
                            + " characters");
        }
        tokens.add(token.getBytes(StandardCharsets.UTF_8));
        String previous = settings.previousToken();
        if (previous != null && previous.length() >= SHORTEST_TOKEN) {
            tokens.add(previous.getBytes(StandardCharsets.UTF_8));
        }
        holder =
                new Caller(
                        settings.caller(),
                        settings.allowedNamespaces().isEmpty()
                                ? null
                                : Set.copyOf(settings.allowedNamespaces()));
    }

    Optional<Caller> identify(HttpRequest<?> request) {
        String header = request.getHeaders().get("Authorization");
        if (header == null || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return Optional.empty();
        }
        byte[] given = header.substring(BEARER.length()).strip().getBytes(StandardCharsets.UTF_8);
        boolean known = false;
        for (byte[] token : tokens) {
            known |= MessageDigest.isEqual(token, given);
        }
        return known ? Optional.of(holder) : Optional.empty();
    }

    static Caller of(HttpRequest<?> request) {
        return request.getAttribute(Caller.ATTRIBUTE, Caller.class)
                .orElseThrow(() -> new ProblemException(Problem.UNAUTHORIZED, "say who you are"));
    }
}
