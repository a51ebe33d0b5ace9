package io.windlass.web;

import io.micronaut.http.HttpStatus;

/**
 * Every way a call can fail, and what HTTP calls it. The type's last part is stable: programs may
 * go by it.
 */
enum Problem {
    MALFORMED("malformed", HttpStatus.BAD_REQUEST, "The request cannot be read"),
    UNAUTHORIZED("unauthorized", HttpStatus.UNAUTHORIZED, "No valid credentials"),
    FORBIDDEN("forbidden", HttpStatus.FORBIDDEN, "Not allowed"),
    NOT_FOUND("not-found", HttpStatus.NOT_FOUND, "There is nothing here"),
    JOB_NOT_FOUND("job-not-found", HttpStatus.NOT_FOUND, "No such job"),
    NO_LOGS("no-logs", HttpStatus.NOT_FOUND, "It has no such log"),
    NO_SUCH_CLUSTER("no-such-cluster", HttpStatus.NOT_FOUND, "No such cluster"),
    CLUSTER_NOT_LOST("cluster-not-lost", HttpStatus.CONFLICT, "The cluster may be alive"),
    CLUSTER_NOT_FOUND(
            "cluster-not-found-again",
            HttpStatus.CONFLICT,
            "The cluster cannot have its name back"),
    SCHEDULE_NOT_FOUND("schedule-not-found", HttpStatus.NOT_FOUND, "No such schedule"),
    SCHEDULE_EXISTS("schedule-exists", HttpStatus.CONFLICT, "There is a schedule of that name"),
    CHANGED_MEANWHILE("changed-meanwhile", HttpStatus.CONFLICT, "Somebody else was faster"),
    NOT_AS_EXPECTED(
            "not-as-expected", HttpStatus.PRECONDITION_FAILED, "It is not as If-Match has it"),
    SET_REFUSED("set-refused", HttpStatus.CONFLICT, "The set is not applied"),
    NOT_ACCOUNTED_YET(
            "not-accounted-yet", HttpStatus.SERVICE_UNAVAILABLE, "Its instants come first"),
    TOO_MANY_READERS("too-many-readers", HttpStatus.TOO_MANY_REQUESTS, "As many follow as may"),
    TOO_MANY_BATCHES(
            "too-many-batches", HttpStatus.TOO_MANY_REQUESTS, "As many do the work of many as may"),
    METHOD_NOT_ALLOWED("method-not-allowed", HttpStatus.METHOD_NOT_ALLOWED, "Not with this method"),
    NOT_ACCEPTABLE("not-acceptable", HttpStatus.NOT_ACCEPTABLE, "Not in this form"),
    IDEMPOTENCY_CONFLICT(
            "idempotency-conflict", HttpStatus.CONFLICT, "The key was used for something else"),
    CURSOR_EXPIRED("cursor-expired", HttpStatus.GONE, "The cursor is not known any more"),
    JOB_GONE("job-gone", HttpStatus.GONE, "The job is deleted"),
    TOO_LARGE("too-large", HttpStatus.REQUEST_ENTITY_TOO_LARGE, "The body is too large"),
    UNSUPPORTED_MEDIA_TYPE(
            "unsupported-media-type", HttpStatus.UNSUPPORTED_MEDIA_TYPE, "Not this kind of body"),
    TOO_SLOW("too-slow", HttpStatus.REQUEST_TIMEOUT, "The body does not come"),
    INVALID("invalid", HttpStatus.UNPROCESSABLE_ENTITY, "What was sent is not valid"),
    UNREADABLE("unreadable", HttpStatus.CONFLICT, "What is stored cannot be read"),
    REFUSED_BY_DATABASE(
            "refused-by-database",
            HttpStatus.INTERNAL_SERVER_ERROR,
            "The database does not take this job"),
    NO_PLACE("no-place", HttpStatus.SERVICE_UNAVAILABLE, "Others are before it"),
    DATABASE_AWAY("database-away", HttpStatus.SERVICE_UNAVAILABLE, "Try again soon"),
    BUSY("busy", HttpStatus.SERVICE_UNAVAILABLE, "There is no memory for it now"),
    OUTCOME_UNKNOWN(
            "outcome-unknown",
            HttpStatus.SERVICE_UNAVAILABLE,
            "It is not known whether it was stored"),
    INTERNAL("internal", HttpStatus.INTERNAL_SERVER_ERROR, "Something is wrong with Windlass");

    private final String type;
    private final HttpStatus status;
    private final String title;

    Problem(String type, HttpStatus status, String title) {
        this.type = type;
        this.status = status;
        this.title = title;
    }

    String type() {
        return "https://windlass.io/problems/" + type;
    }

    HttpStatus status() {
        return status;
    }

    String title() {
        return title;
    }
}
