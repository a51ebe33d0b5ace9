package io.windlass.web;

import io.micronaut.context.annotation.Primary;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.http.server.exceptions.response.ErrorResponseProcessor;
import io.windlass.json.Json;
import io.windlass.service.ByteBudget;
import io.windlass.store.Clerk;
import io.windlass.store.DatabaseAwayException;
import jakarta.inject.Singleton;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every error as problem+json, those of the framework too. */
final class Problems {
    static final String MEDIA_TYPE = "application/problem+json";

    private Problems() {}

    static MutableHttpResponse<?> response(ProblemException e) {
        return response(e.problem(), e.tree());
    }

    static MutableHttpResponse<?> response(Problem problem, Map<String, @Nullable Object> tree) {
        MutableHttpResponse<?> response =
                HttpResponse.status(problem.status())
                        .body(Json.write(tree))
                        .contentType(MEDIA_TYPE);
        if (problem.status() == HttpStatus.SERVICE_UNAVAILABLE
                || problem.status() == HttpStatus.TOO_MANY_REQUESTS) {
            response.header(HttpHeaders.RETRY_AFTER, "2");
        }
        if (problem == Problem.UNAUTHORIZED) {
            response.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"windlass\"");
        }
        return response;
    }

    /** A call that this API refuses. */
    @Singleton
    @Requires(classes = ProblemException.class)
    static final class Refused implements ExceptionHandler<ProblemException, HttpResponse<?>> {
        @Override
        @SuppressWarnings("rawtypes") // so the interface has it
        public HttpResponse<?> handle(HttpRequest request, ProblemException e) {
            return response(e);
        }
    }

    /** The database is away for a read, or for a write that surely did nothing. */
    @Singleton
    @Requires(classes = DatabaseAwayException.class)
    static final class Away implements ExceptionHandler<DatabaseAwayException, HttpResponse<?>> {
        @Override
        @SuppressWarnings("rawtypes") // so the interface has it
        public HttpResponse<?> handle(HttpRequest request, DatabaseAwayException e) {
            return response(
                    new ProblemException(
                            Problem.DATABASE_AWAY, "the database does not answer; try again"));
        }
    }

    /** All that a process may hold is held. */
    @Singleton
    @Requires(classes = ByteBudget.SpentException.class)
    static final class Busy
            implements ExceptionHandler<ByteBudget.SpentException, HttpResponse<?>> {
        @Override
        @SuppressWarnings("rawtypes") // so the interface has it
        public HttpResponse<?> handle(HttpRequest request, ByteBudget.SpentException e) {
            return response(busy());
        }
    }

    static ProblemException busy() {
        return new ProblemException(
                Problem.BUSY,
                "other calls hold what memory there is for bodies and answers; send it again");
    }

    /** A schedule whose instants are not accounted for up to now: that comes before any change. */
    @Singleton
    @Requires(classes = Clerk.BehindException.class)
    static final class Behind implements ExceptionHandler<Clerk.BehindException, HttpResponse<?>> {
        @Override
        @SuppressWarnings("rawtypes") // so the interface has it
        public HttpResponse<?> handle(HttpRequest request, Clerk.BehindException e) {
            return response(
                    new ProblemException(
                            Problem.NOT_ACCOUNTED_YET,
                            "schedule "
                                    + e.getMessage()
                                    + " has more instants behind it than one call gets through; the"
                                    + " schedules-processor is at them: try again"));
        }
    }

    /** What the framework itself refuses, or did not expect; its own words stay in the log. */
    @Singleton
    @Primary
    static final class Framework implements ErrorResponseProcessor<String> {
        private static final Logger LOG = LoggerFactory.getLogger(Framework.class);

        @Override
        public MutableHttpResponse<String> processResponse(
                ErrorContext context, MutableHttpResponse<?> response) {
            Problem problem = problem(response.status());
            if (problem == Problem.INTERNAL) {
                LOG.error(
                        "{} {}: {}",
                        context.getRequest().getMethod(),
                        context.getRequest().getPath(),
                        context.getErrors(),
                        context.getRootCause().orElse(null));
            }
            HttpRequest<?> request = context.getRequest();
            return response.body(
                            Json.write(ProblemException.tree(problem, detail(problem, request))))
                    .contentType(MEDIA_TYPE);
        }

        private static Problem problem(HttpStatus status) {
            return switch (status) {
                case NOT_FOUND -> Problem.NOT_FOUND;
                case METHOD_NOT_ALLOWED -> Problem.METHOD_NOT_ALLOWED;
                case NOT_ACCEPTABLE -> Problem.NOT_ACCEPTABLE;
                case REQUEST_ENTITY_TOO_LARGE -> Problem.TOO_LARGE;
                case UNSUPPORTED_MEDIA_TYPE -> Problem.UNSUPPORTED_MEDIA_TYPE;
                case UNAUTHORIZED -> Problem.UNAUTHORIZED;
                case FORBIDDEN -> Problem.FORBIDDEN;
                default -> status.getCode() < 500 ? Problem.MALFORMED : Problem.INTERNAL;
            };
        }

        private static String detail(Problem problem, HttpRequest<?> request) {
            return switch (problem) {
                case NOT_FOUND -> "no such path: see /docs for those that are";
                case METHOD_NOT_ALLOWED ->
                        request.getMethod() + " is not offered here; the Allow header says what is";
                case NOT_ACCEPTABLE -> "this is answered as application/json only";
                case TOO_LARGE -> "the body is larger than this call takes";
                case UNSUPPORTED_MEDIA_TYPE -> "send application/json";
                case INTERNAL -> "the server's log says what; the call may be sent again";
                default -> "the request cannot be read";
            };
        }
    }
}
