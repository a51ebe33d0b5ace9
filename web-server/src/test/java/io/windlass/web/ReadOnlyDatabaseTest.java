package io.windlass.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Finding P9: a former primary still answers, and takes no writes. */
class ReadOnlyDatabaseTest {
    private static final String JOB = "{\"name\":\"one\",\"image\":\"busybox:1.36\"}";

    @Test
    @Tag("slow")
    void shouldSayThatItIsAwayAndNotReadyUntilWritesAreTakenAgain() throws Exception {
        try (WebServer web = new WebServer(Map.of("endpoints.health.sensitive", false))) {
            assertThat(web.post("/api/v1/jobs", JOB).status()).isEqualTo(202);
            assertThat(web.get("/health/readiness").status()).isEqualTo(200);
            web.readOnly(true);
            Awaitility.await()
                    .untilAsserted(() -> {
                        WebServer.Answer answer = web.post("/api/v1/jobs", JOB);
                        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(503);
                        assertThat(answer.raw().headers().firstValue("Retry-After")).isPresent();
                        assertThat(answer.body().get("type").toString()).endsWith("database-away");
                    });
            assertThat(web.get("/health/readiness").status()).isEqualTo(503);
            assertThat(web.get("/health/liveness").status()).isEqualTo(200);
            web.readOnly(false);
            Awaitility.await()
                    .untilAsserted(() ->
                            assertThat(web.post("/api/v1/jobs", JOB).status()).isEqualTo(202));
            assertThat(web.get("/health/readiness").status()).isEqualTo(200);
        }
    }
}
