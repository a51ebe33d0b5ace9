package io.windlass.standalone.localcluster;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An answer that is a Status of failure. */
final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int code;
    private final String reason;
    private final transient Map<String, String> details;

    ApiException(int code, String reason, String message) {
        this(code, reason, message, Map.of());
    }

    private ApiException(int code, String reason, String message, Map<String, String> details) {
        super(message, null, false, false);
        this.code = code;
        this.reason = reason;
        this.details = details;
    }

    static ApiException notFound(Kind kind, String name) {
        return new ApiException(404, "NotFound", kind.plural() + " \"" + name + "\" not found")
                .about(kind, name);
    }

    static ApiException alreadyExists(Kind kind, String name) {
        return new ApiException(
                        409, "AlreadyExists", kind.plural() + " \"" + name + "\" already exists")
                .about(kind, name);
    }

    /** What clients go by, besides the reason; what is said already stays. */
    ApiException about(Kind kind, String name) {
        String what = reason.equals("Invalid") ? kind.kindName() : kind.plural();
        return details.isEmpty()
                ? new ApiException(
                        code, reason, getMessage() + "", Map.of("kind", what, "name", name))
                : this;
    }

    static ApiException anotherUid(Kind kind, String name, String asked, String there) {
        return new ApiException(
                409,
                "Conflict",
                "the UID in the precondition (%s) does not match the UID in record (%s)"
                        .formatted(asked, there),
                Map.of("kind", kind.kindName(), "name", name));
    }

    static ApiException conflict(String message) {
        return new ApiException(409, "Conflict", message);
    }

    static ApiException invalid(String message) {
        return new ApiException(422, "Invalid", message);
    }

    int code() {
        return code;
    }

    Map<String, @Nullable Object> status() {
        Map<String, @Nullable Object> status = new LinkedHashMap<>();
        status.put("kind", "Status");
        status.put("apiVersion", "v1");
        status.put("metadata", Map.of());
        status.put("status", "Failure");
        status.put("message", getMessage());
        status.put("reason", reason);
        if (!details.isEmpty()) {
            status.put("details", details);
        }
        status.put("code", code);
        return status;
    }
}
