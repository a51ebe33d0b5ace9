package io.windlass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RequestKindsTest {
    private static final String OURS = "admin";
    private static final String CONTROLLER = "system:serviceaccount:kube-system:job-controller";

    private final RequestKinds kinds = new RequestKinds("e2e-1");

    private void note(String user, String verb, String about, int code) {
        kinds.note(
                """
                {"kind":"Event","stage":"ResponseComplete","verb":"%s","user":{"username":"%s"},\
                "objectRef":{%s,"apiVersion":"v1"},"responseStatus":{"metadata":{},"code":%d}}\
                """
                        .formatted(verb, user, about, code));
    }

    private static String jobs(String namespace) {
        return "\"resource\":\"jobs\",\"namespace\":\"" + namespace + "\",\"name\":\"a\"";
    }

    @Test
    void shouldCountOnlyThoseOfWhoMakesJobs() {
        note(OURS, "create", jobs("e2e-1"), 201);
        note(OURS, "create", jobs("e2e-1"), 201);
        note(OURS, "delete", jobs("e2e-1"), 200);
        note(OURS, "delete", jobs("e2e-1"), 404);
        note(CONTROLLER, "create", "\"resource\":\"pods\",\"namespace\":\"e2e-1\"", 201);
        note(
                CONTROLLER,
                "update",
                "\"resource\":\"jobs\",\"namespace\":\"e2e-1\",\"subresource\":\"status\"",
                200);

        assertThat(kinds.counts().all())
                .isEqualTo(
                        Map.of(
                                "requests: create jobs, 201",
                                2L,
                                "requests: delete jobs, 200",
                                1L,
                                "requests: delete jobs, 404",
                                1L,
                                RequestKinds.EVERYBODY,
                                6L));
        assertThat(kinds.byUser()).containsEntry(CONTROLLER + ": update jobs/status, 200", 1L);
    }

    @Test
    void shouldIgnoreOtherNamespacesAndTheNamespaceItself() {
        note(OURS, "create", jobs("e2e-2"), 201);
        note(OURS, "get", "\"resource\":\"namespaces\",\"namespace\":\"e2e-1\"", 200);
        // only says the name
        note(OURS, "create", jobs("e2e-2") + ",\"x\":{\"namespace\":\"e2e-1\"}", 201);

        assertThat(kinds.byUser()).isEmpty();
    }

    @Test
    void shouldIgnoreOtherStagesAndLinesThatAreNotWhole() {
        kinds.note(
                "{\"stage\":\"ResponseStarted\",\"verb\":\"watch\",\"objectRef\":{"
                        + jobs("e2e-1")
                        + "}}");
        kinds.note("{\"stage\":\"ResponseComplete\",\"objectRef\":{" + jobs("e2e-1"));

        assertThat(kinds.byUser()).isEmpty();
    }
}
