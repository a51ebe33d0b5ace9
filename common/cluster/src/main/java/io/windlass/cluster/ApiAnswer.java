package io.windlass.cluster;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.regex.Pattern;

/**
 * What was answered instead of what was asked for. Only the API server gives a reason and says what
 * it is about; a proxy before it gives a number.
 */
record ApiAnswer(int code, String reason, String kind, String name, String message) {
    static final String ALREADY_EXISTS = "AlreadyExists";
    static final String BAD_REQUEST = "BadRequest";
    static final String CONFLICT = "Conflict";
    static final String FORBIDDEN = "Forbidden";
    static final String INTERNAL_ERROR = "InternalError";
    static final String INVALID = "Invalid";
    static final String NOT_FOUND = "NotFound";
    static final String JOBS = "jobs";
    static final String PODS = "pods";
    static final String POD = "Pod";

    /**
     * What is wrong within one, or a precondition that fails, names the kind and not the resource.
     */
    static final String JOB = "Job";

    static final String NAMESPACES = "namespaces";

    /** With any code that a webhook likes, and none is 400. */
    private static final Pattern DENIED =
            Pattern.compile(
                    "admission webhook \"[^\"]*\" denied the request"
                            + "|ValidatingAdmissionPolicy '[^']*' with binding '[^']*' denied request");

    /** Before anything is stored. */
    private static final String WEBHOOK_NOT_CALLED = "failed calling webhook \"";

    static ApiAnswer of(KubernetesClientException e) {
        Status status = e.getStatus() == null ? new Status() : e.getStatus();
        StatusDetails details =
                status.getDetails() == null ? new StatusDetails() : status.getDetails();
        return new ApiAnswer(
                e.getCode(),
                SeenReader.text(status.getReason()),
                SeenReader.text(details.getKind()),
                SeenReader.text(details.getName()),
                status.getMessage() == null ? String.valueOf(e.getMessage()) : status.getMessage());
    }

    boolean is(String expected) {
        return reason.equals(expected);
    }

    boolean is(String expected, String about) {
        return is(expected) && kind.equals(about);
    }

    boolean isNotFound(String about, String named) {
        return is(NOT_FOUND, about) && name.equals(named);
    }

    boolean isDenial() {
        return DENIED.matcher(message).find();
    }

    boolean isWithoutItsWebhook() {
        return is(INTERNAL_ERROR) && message.contains(WEBHOOK_NOT_CALLED);
    }
}
