package io.windlass.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.job.JobId;
import io.windlass.store.Checks;
import io.windlass.store.Database;
import io.windlass.testing.TestCollector;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A job keeps the trace that it was submitted in. */
class TracingTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String CALLERS = "00-" + TRACE + "-00f067aa0ba902b7-01";
    private static final String JOB = "{\"name\":\"traced\",\"image\":\"busybox:1.36\"}";

    private static @Nullable String kept(WebServer web, String traceparent) throws Exception {
        WebServer.Answer answer =
                web.send(
                        web.request("/api/v1/jobs")
                                .header("Content-Type", "application/json")
                                .header("traceparent", traceparent)
                                .POST(HttpRequest.BodyPublishers.ofString(JOB)));
        assertThat(answer.status()).isEqualTo(202);
        JobId id = JobId.parse(String.valueOf(answer.body().get("id"))).orElseThrow();
        return Checks.on(web.bean(Database.class)).spec(id).traceparent();
    }

    @Test
    @Tag("slow")
    void shouldJoinTheCallersTraceAndTellACollector() throws Exception {
        try (TestCollector collector = new TestCollector();
                WebServer web =
                        new WebServer(Map.of("windlass.tracing.endpoint", collector.endpoint()))) {
            assertThat(kept(web, CALLERS)).startsWith("00-" + TRACE + "-").isNotEqualTo(CALLERS);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> collector.has("windlass-web-server", TRACE, "POST /api/v1/jobs"));
        }
    }

    @Test
    void shouldPassOnWhatACallerSaysWhereNoTracesAreSentAndIgnoreRubbish() throws Exception {
        try (WebServer web = new WebServer()) {
            assertThat(kept(web, CALLERS)).isEqualTo(CALLERS);
            assertThat(kept(web, "00-rubbish")).isNull();
            assertThat(kept(web, "00-" + "0".repeat(32) + "-00f067aa0ba902b7-01")).isNull();
        }
    }
}
