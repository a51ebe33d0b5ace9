package io.windlass.service;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Steps of a job's way, joined by the W3C's {@code traceparent}: it comes with a request, stays
 * with the job, stands on its Kubernetes Job and pods, and travels in messages. Nothing is kept in
 * threads.
 */
public final class Tracing implements AutoCloseable {
    /** Only hands on what it is given. */
    public static final Tracing OFF = new Tracing(null);

    private static final Pattern TRACEPARENT =
            Pattern.compile("00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})");

    private final @Nullable SdkTracerProvider provider;
    private final @Nullable Tracer tracer;

    private Tracing(@Nullable SdkTracerProvider provider) {
        this.provider = provider;
        this.tracer = provider == null ? null : provider.get("io.windlass");
    }

    static Tracing to(String endpoint, double ratio, String service) {
        Resource resource =
                Resource.getDefault()
                        .merge(
                                Resource.create(
                                        Attributes.of(
                                                AttributeKey.stringKey("service.name"),
                                                "windlass-" + service)));
        OtlpHttpSpanExporter exporter =
                OtlpHttpSpanExporter.builder().setEndpoint(endpoint + "/v1/traces").build();
        return new Tracing(
                SdkTracerProvider.builder()
                        .setResource(resource)
                        .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(ratio)))
                        .addSpanProcessor(BatchSpanProcessor.builder(exporter).build())
                        .build());
    }

    /** What is no traceparent is as none. */
    public static @Nullable String checked(@Nullable String traceparent) {
        return traceparent != null && context(traceparent).isValid() ? traceparent : null;
    }

    /** A step of a trace, or the first of a new one. */
    public Step begin(String name, SpanKind kind, @Nullable String traceparent) {
        String parent = checked(traceparent);
        if (tracer == null) {
            return new Step(null, parent);
        }
        Context context =
                parent == null ? Context.root() : Context.root().with(Span.wrap(context(parent)));
        Span span = tracer.spanBuilder(name).setSpanKind(kind).setParent(context).startSpan();
        return new Step(span, text(span.getSpanContext()));
    }

    private static SpanContext context(String traceparent) {
        Matcher parts = TRACEPARENT.matcher(traceparent);
        return parts.matches()
                ? SpanContext.createFromRemoteParent(
                        parts.group(1),
                        parts.group(2),
                        TraceFlags.fromHex(parts.group(3), 0),
                        TraceState.getDefault())
                : SpanContext.getInvalid();
    }

    private static String text(SpanContext context) {
        return "00-%s-%s-%s"
                .formatted(
                        context.getTraceId(), context.getSpanId(), context.getTraceFlags().asHex());
    }

    @Override
    public void close() {
        if (provider != null) {
            // sends what has not been sent
            provider.close();
        }
    }

    /** Ends when it is closed. */
    public static final class Step implements AutoCloseable {
        private final @Nullable Span span;
        private final @Nullable String traceparent;

        private Step(@Nullable Span span, @Nullable String traceparent) {
            this.span = span;
            this.traceparent = traceparent;
        }

        /** By which the next step joins. */
        public @Nullable String traceparent() {
            return traceparent;
        }

        public Step named(String name) {
            if (span != null) {
                span.updateName(name);
            }
            return this;
        }

        public Step with(String key, @Nullable Object value) {
            if (span != null && value != null) {
                span.setAttribute(key, value.toString());
            }
            return this;
        }

        public Step failed(String why) {
            if (span != null) {
                span.setStatus(StatusCode.ERROR, why);
            }
            return this;
        }

        @Override
        public void close() {
            if (span != null) {
                span.end();
            }
        }
    }
}
