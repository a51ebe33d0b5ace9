package io.windlass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.harness.Api;
import io.windlass.harness.Cluster;
import io.windlass.harness.Stack;
import io.windlass.harness.Wiring;
import io.windlass.testing.TestCluster;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * Every way not to start that one kubelet can be brought to, all at once, with graces a tenth of
 * those shipped: each is given up for its own reason, not before its grace, and soon after it.
 */
@EnabledIf("available")
class FailFastIT {
    /** Answers pulls as the repository's name asks for. */
    private static final String REGISTRY = System.getenv("WINDLASS_TEST_FAIL_REGISTRY");

    /** A last look, the deletion of the Job, and the end of its pods. */
    private static final Duration TO_GIVE_UP = Duration.ofSeconds(30);

    private static final Map<String, String> A_TENTH =
            Map.of(
                    "WINDLASS_FAIL_FAST_IMAGE_NOT_FOUND", "6s",
                    "WINDLASS_FAIL_FAST_IMAGE_NOT_FOUND_WITHOUT_SECOND_PULL", "12s",
                    "WINDLASS_FAIL_FAST_IMAGE_PULL_DENIED", "12s",
                    "WINDLASS_FAIL_FAST_IMAGE_PULL_FAILED", "90s",
                    "WINDLASS_FAIL_FAST_IMAGE_REJECTED", "6s",
                    "WINDLASS_FAIL_FAST_CONFIG_MISSING", "3s",
                    "WINDLASS_FAIL_FAST_RUNS_AS_ROOT", "3s",
                    "WINDLASS_FAIL_FAST_QUOTA_EXCEEDED", "3s",
                    "WINDLASS_FAIL_FAST_NAMESPACE_MISSING", "6s");

    static boolean available() {
        return TestCluster.available() && REGISTRY != null;
    }

    private record Case(String name, String reason, Duration grace, Map<String, Object> job) {}

    private static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        cases.add(pull("status-404/x:1", "IMAGE_NOT_FOUND", 6));
        cases.add(pull("x:1", "IMAGE_NOT_FOUND", 6));
        cases.add(pull("status-401/x:1", "IMAGE_PULL_DENIED", 12));
        cases.add(pull("status-403/x:1", "IMAGE_PULL_DENIED", 12));
        cases.add(pull("denied/x:1", "IMAGE_PULL_DENIED", 12));
        cases.add(pull("token-401/x:1", "IMAGE_PULL_DENIED", 12));
        cases.add(pull("status-429/x:1", "IMAGE_PULL_FAILED", 90));
        cases.add(pull("status-500/x:1", "IMAGE_PULL_FAILED", 90));
        cases.add(pull("status-503/x:1", "IMAGE_PULL_FAILED", 90));
        cases.add(pull("drop/x:1", "IMAGE_PULL_FAILED", 90));
        cases.add(
                container(
                        "never-pulled",
                        "IMAGE_REJECTED",
                        6,
                        Map.of("image", "never-pulled:1", "imagePullPolicy", "Never")));
        cases.add(
                container(
                        "no-secret",
                        "CONFIG_MISSING",
                        3,
                        Map.of("envFrom", List.of(Map.of("secretRef", Map.of("name", "absent"))))));
        cases.add(
                container(
                        "no-config-map",
                        "CONFIG_MISSING",
                        3,
                        Map.of(
                                "envFrom",
                                List.of(Map.of("configMapRef", Map.of("name", "absent"))))));
        cases.add(
                container(
                        "as-root",
                        "REJECTED_BY_POLICY",
                        3,
                        Map.of("securityContext", Map.of("runAsNonRoot", true))));
        cases.add(
                new Case(
                        "no-such-program",
                        "CONTAINER_CANNOT_START",
                        Duration.ZERO,
                        Api.job("no-such-program", "/no/such/program")));
        return cases;
    }

    private static Case pull(String image, String reason, int seconds) {
        String name = image.replaceAll("[^a-z0-9]+", "-");
        Map<String, Object> job = Api.with(Api.job(name, "true"), "image", REGISTRY + "/" + image);
        return new Case(name, reason, Duration.ofSeconds(seconds), job);
    }

    private static Case container(
            String name, String reason, int seconds, Map<String, Object> fields) {
        Map<String, Object> container = new LinkedHashMap<>();
        container.put("name", "main");
        container.put("image", "busybox:1.36");
        container.put("command", List.of("true"));
        container.putAll(fields);
        return new Case(
                name,
                reason,
                Duration.ofSeconds(seconds),
                Map.of("name", name, "containers", List.of(container)));
    }

    @Test
    void shouldGiveUpWhatCannotStartForItsOwnReasonAndNotBeforeItsGrace() throws Exception {
        Path kubeconfig = TestCluster.kubeconfig().orElseThrow();
        try (Cluster cluster = Cluster.of(kubeconfig);
                Stack stack =
                        new Stack(A_TENTH, database -> new Wiring.Direct(database, kubeconfig))) {
            Map<Case, String> ids = new LinkedHashMap<>();
            for (Case one : cases()) {
                ids.put(
                        one,
                        stack.api().submit(Api.with(one.job(), "namespace", cluster.namespace())));
            }
            for (Map.Entry<Case, String> one : ids.entrySet()) {
                check(stack, one.getKey(), one.getValue());
            }
        }
    }

    private static void check(Stack stack, Case one, String id) throws Exception {
        Map<String, Object> job = stack.api().awaitEnd(id, Duration.ofMinutes(5));
        String end = one.name() + ": " + job.get("state") + " " + job.get("reason");
        assertThat(end + " " + job.get("message"))
                .startsWith(one.name() + ": FAILED " + one.reason());
        long sinceAdmission = millis(stack, "s.finished_at - s.admitted_at", id);
        System.out.printf(
                "[fail-fast] %s, grace %d s, from admission to the end %.1f s%n",
                end, one.grace().toSeconds(), sinceAdmission / 1e3);
        if (!one.grace().isZero()) {
            assertThat(Duration.ofMillis(millis(stack, "s.finished_at - p.class_since", id)))
                    .as("%s: from the first sight of its cause", one.name())
                    .isBetween(one.grace(), one.grace().plus(TO_GIVE_UP));
        }
    }

    private static long millis(Stack stack, String interval, String id) throws SQLException {
        return stack.database()
                .number(
                        "select coalesce(max(extract(epoch from "
                                + interval
                                + ") * 1000), 0)::bigint from job_state s left join job_pod p using (job_id)"
                                + " where job_id = '"
                                + id
                                + "'");
    }
}
