package io.windlass.web;

import io.micronaut.core.annotation.Order;
import io.micronaut.http.BasicHttpAttributes;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.opentelemetry.api.trace.SpanKind;
import io.windlass.service.Tracing;
import org.jspecify.annotations.Nullable;

/** Every call is a step: of its caller's trace, or the first of its own. */
@ServerFilter("/api/**")
final class TraceFilter {
    private static final String STEP = "windlass.step";

    private final Tracing tracing;

    TraceFilter(Tracing tracing) {
        this.tracing = tracing;
    }

    @RequestFilter
    @Order(-2_000)
    void begin(HttpRequest<?> request) {
        String parent = request.getHeaders().get("traceparent");
        request.setAttribute(
                STEP,
                tracing.begin(request.getMethodName(), SpanKind.SERVER, parent)
                        .with("http.request.method", request.getMethodName())
                        .with("url.path", request.getPath()));
    }

    /** A stream is a step until it begins. */
    @ResponseFilter
    @Order(-2_000)
    void end(HttpRequest<?> request, MutableHttpResponse<?> response) {
        Tracing.Step step = request.getAttribute(STEP, Tracing.Step.class).orElse(null);
        if (step == null) {
            return;
        }
        try (step) {
            BasicHttpAttributes.getUriTemplate(request)
                    .ifPresent(route ->
                            step.named(request.getMethodName() + " " + route)
                                    .with("http.route", route));
            step.with("http.response.status_code", response.code());
            if (response.code() >= 500) {
                step.failed(response.reason());
            }
        }
    }

    /** What a job that comes with this call keeps. */
    static @Nullable String traceparent(HttpRequest<?> request) {
        return request.getAttribute(STEP, Tracing.Step.class)
                .map(Tracing.Step::traceparent)
                .orElse(null);
    }
}
