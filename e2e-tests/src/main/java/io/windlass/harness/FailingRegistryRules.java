package io.windlass.harness;

import io.windlass.harness.FailingRegistryAnswer.Drop;
import io.windlass.harness.FailingRegistryAnswer.Forward;
import io.windlass.harness.FailingRegistryAnswer.Json;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How the first part of a repository's name chooses the failure. */
final class FailingRegistryRules {
    private static final Pattern TOKEN_SERVICE = Pattern.compile("/token-(\\d{3})");
    private static final Pattern OBJECT = Pattern.compile("/v2/(.+)/(manifests|blobs)/([^/]+)");
    private static final Pattern STATUS = Pattern.compile("status-(\\d{3})");
    private static final Pattern TOKEN = Pattern.compile("token-\\d{3}");
    private static final Pattern SLOW = Pattern.compile("slow-(\\d+)");
    private static final Pattern AT_FIRST = Pattern.compile("(until|first)-(\\d+)-(\\d{3}|drop)");

    private record Asked(long since, int before) {}

    private record Image(String repository, String kind, String reference) {
        String first() {
            return repository.split("/", 2)[0];
        }

        /** What follows the choice; empty if nothing does. */
        String rest() {
            int slash = repository.indexOf('/');
            return slash < 0 ? "" : repository.substring(slash + 1);
        }

        boolean isManifest() {
            return kind.equals("manifests");
        }

        Forward of(String name, Duration after) {
            return new Forward(after, "/v2/" + name + "/" + kind + "/" + reference);
        }
    }

    private final LongSupplier nanoTime;
    private final Map<String, Asked> asked = new ConcurrentHashMap<>();

    FailingRegistryRules(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** The address is the one by which the caller reached this registry. */
    FailingRegistryAnswer answer(String path, String address, boolean authorized) {
        Matcher token = TOKEN_SERVICE.matcher(path);
        if (token.matches()) {
            return status(Integer.parseInt(token.group(1)), Map.of());
        }
        if (path.equals("/token")) {
            return new Json(200, Map.of(), "{\"token\": \"anonymous\", \"expires_in\": 300}");
        }
        if (path.equals("/v2") || path.equals("/v2/")) {
            return status(200, Map.of());
        }
        Matcher object = OBJECT.matcher(path);
        return object.matches()
                ? answer(
                        new Image(object.group(1), object.group(2), object.group(3)),
                        address,
                        authorized)
                : notFound();
    }

    private FailingRegistryAnswer answer(Image image, String address, boolean authorized) {
        String first = image.first();
        if (first.equals("drop")) {
            return new Drop();
        }
        if (first.equals("denied")) {
            String error = authorized ? ",error=\"insufficient_scope\"" : "";
            return challenge(image, address, "token", error);
        }
        if (TOKEN.matcher(first).matches()) {
            return challenge(image, address, first, "");
        }
        Matcher status = STATUS.matcher(first);
        if (status.matches()) {
            return refusal(Integer.parseInt(status.group(1)));
        }
        return image.rest().isEmpty() ? notFound() : delayed(image);
    }

    /** Those that end in an image of the real registry. */
    private FailingRegistryAnswer delayed(Image image) {
        String rest = image.rest();
        Matcher slow = SLOW.matcher(image.first());
        if (slow.matches()) {
            boolean byTag = image.isManifest() && !image.reference().startsWith("sha256:");
            Duration after =
                    byTag ? Duration.ofSeconds(Long.parseLong(slow.group(1))) : Duration.ZERO;
            return image.of(rest.contains("/") ? rest : "library/" + rest, after);
        }
        Matcher atFirst = AT_FIRST.matcher(image.first());
        if (!atFirst.matches()) {
            return notFound();
        }
        long limit = Long.parseLong(atFirst.group(2));
        if (image.isManifest() && stillFails(image.repository(), atFirst.group(1), limit)) {
            String how = atFirst.group(3);
            return how.equals("drop") ? new Drop() : status(Integer.parseInt(how), Map.of());
        }
        String name = rest.substring(rest.lastIndexOf('/') + 1);
        return image.of("library/" + name, Duration.ZERO);
    }

    /** Counts from the first request for this repository. */
    private boolean stillFails(String repository, String unit, long limit) {
        long now = nanoTime.getAsLong();
        Asked here =
                asked.merge(
                        repository,
                        new Asked(now, 0),
                        (old, fresh) -> new Asked(old.since(), old.before() + 1));
        return unit.equals("first")
                ? here.before() < limit
                : now - here.since() < Duration.ofSeconds(limit).toNanos();
    }

    private static Json challenge(Image image, String address, String service, String error) {
        String challenge =
                "Bearer realm=\"http://%s/%s\",service=\"fail-registry\",scope=\"repository:%s:pull\"%s"
                        .formatted(address, service, image.repository(), error);
        return status(401, Map.of("WWW-Authenticate", challenge));
    }

    private static Json refusal(int status) {
        return switch (status) {
            case 401 -> status(401, Map.of("WWW-Authenticate", "Basic realm=\"fail-registry\""));
            case 429, 503 -> status(status, Map.of("Retry-After", "1"));
            default -> status(status, Map.of());
        };
    }

    private static Json notFound() {
        return status(404, Map.of());
    }

    private static Json status(int status, Map<String, String> headers) {
        return status < 400
                ? new Json(status, headers, "{}")
                : switch (status) {
                    case 401 -> error(401, headers, "UNAUTHORIZED", "authentication required");
                    case 403 ->
                            error(
                                    403,
                                    headers,
                                    "DENIED",
                                    "requested access to the resource is denied");
                    case 404 -> error(404, headers, "MANIFEST_UNKNOWN", "manifest unknown");
                    case 429 ->
                            error(
                                    429,
                                    headers,
                                    "TOOMANYREQUESTS",
                                    "You have reached your unauthenticated pull rate limit.");
                    case 500 -> error(500, headers, "UNKNOWN", "unknown error");
                    case 503 -> error(503, headers, "UNAVAILABLE", "service unavailable");
                    default -> error(status, headers, "UNKNOWN", "status " + status);
                };
    }

    static Json error(int status, Map<String, String> headers, String code, String message) {
        return new Json(
                status,
                headers,
                "{\"errors\": [{\"code\": \"%s\", \"message\": \"%s\"}]}".formatted(code, message));
    }
}
