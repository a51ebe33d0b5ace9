package io.windlass.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.json.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What came of one body. */
record SentBody(String body, WebServer.Answer answer) {
    /** Shown as they were sent. */
    private static final Set<String> AS_SENT =
            Set.of(
                    "namespace",
                    "queue",
                    "cluster",
                    "containers",
                    "podSpec",
                    "command",
                    "args",
                    "workingDir",
                    "env",
                    "resources",
                    "nodeSelector",
                    "tolerations",
                    "imagePullSecrets",
                    "serviceAccountName",
                    "schedulerName",
                    "maxRetries",
                    "onMissingConfig",
                    "priority",
                    "parallelism",
                    "completions",
                    "completionMode",
                    "labels");

    static SentBody to(WebServer web, String path, String body)
            throws IOException, InterruptedException {
        return new SentBody(body, web.post(path, body));
    }

    String told() {
        return answer.status() + " " + answer.body() + " to " + body;
    }

    boolean accepted() {
        return answer.status() < 300;
    }

    Object field(String name) {
        return answer.body().get(name);
    }

    void isRefusedByAPointer() {
        assertThat(answer.status()).as(told()).isBetween(400, 499);
        assertThat(answer.body().get("errors")).as(told()).isInstanceOf(List.class);
        assertThat((List<?>) answer.body().get("errors"))
                .as(told())
                .isNotEmpty()
                .hasSizeLessThanOrEqualTo(20)
                .allSatisfy(error -> assertThat(Json.asObject(error)).containsKey("pointer"));
    }

    /** What can be read there is what was answered, but for why it is queued, and what was sent. */
    void isReadAsItWasSent(WebServer web, String path) throws IOException, InterruptedException {
        WebServer.Answer read = web.get(path);
        assertThat(read.status()).as(told()).isEqualTo(200);
        assertThat(read.without("waiting")).as(told()).isEqualTo(answer.without("waiting"));
        Map<String, Object> tree = Json.object(body);
        boolean schedule = tree.containsKey("job");
        Map<String, Object> job = schedule ? Json.asObject(tree.get("job")) : tree;
        Map<String, Object> shown = schedule ? Json.asObject(read.body().get("job")) : read.body();
        for (String field : AS_SENT) {
            if (job.get(field) != null) {
                assertThat(same(job.get(field), shown.get(field)))
                        .as(field + ": " + shown.get(field) + " of " + told())
                        .isTrue();
            }
        }
        if (!schedule) {
            assertThat(web.get(path + "/manifest").status()).as(told()).isEqualTo(200);
        }
    }

    /** Numbers by their value; a variable without a value has an empty one. */
    private static boolean same(Object sent, Object read) {
        if (sent == null) {
            return read == null || read.equals("");
        }
        if (sent instanceof BigDecimal one && read instanceof BigDecimal other) {
            return one.compareTo(other) == 0;
        }
        if (sent instanceof Map<?, ?> one && read instanceof Map<?, ?> other) {
            return one.keySet().equals(other.keySet())
                    && one.keySet().stream().allMatch(key -> same(one.get(key), other.get(key)));
        }
        if (sent instanceof List<?> one && read instanceof List<?> other) {
            boolean same = one.size() == other.size();
            for (int i = 0; same && i < one.size(); i++) {
                same = same(one.get(i), other.get(i));
            }
            return same;
        }
        return Objects.equals(sent, read);
    }
}
