package io.windlass.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.job.Allowance;
import io.windlass.job.FieldError;
import io.windlass.job.JobSpec;
import io.windlass.job.JobSpecReader;
import io.windlass.job.PodObjections;
import io.windlass.job.PodPolicies;
import io.windlass.json.Json;
import io.windlass.testing.HostilePods;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What no job gets is refused, by its field; nothing else is. */
class HostilePodsTest {
    private static final PodPolicies LENIENT =
            new PodPolicies(
                    Set.of(),
                    Arrays.stream(Allowance.values()).map(a -> "default:" + a.spelling()).toList(),
                    List.of("default:*"),
                    null);

    static List<String> lines() {
        return HostilePods.lines();
    }

    private static JobSpec spec(Object job) {
        return ((JobSpecReader.Result.Read) JobSpecReader.read(job, "local")).spec();
    }

    @ParameterizedTest
    @MethodSource("lines")
    void shouldBeRefusedByItsField(String line) throws Exception {
        Map<String, Object> hostile = Json.asObject(Json.parse(line));
        assertThat(PodObjections.to(spec(hostile.get("job")), PodPolicies.STANDARD.of("default")))
                .extracting(FieldError::pointer)
                .containsExactly(String.valueOf(hostile.get("pointer")));
    }

    @ParameterizedTest
    @MethodSource("lines")
    void shouldBeTakenWhereAnOperatorAllowsItAndNotInTheNextNamespace(String line)
            throws Exception {
        JobSpec spec = spec(Json.asObject(Json.parse(line)).get("job"));
        assertThat(PodObjections.to(spec, LENIENT.of("default"))).isEmpty();
        assertThat(PodObjections.to(spec, LENIENT.of("defaults"))).isNotEmpty();
    }

    @Test
    void shouldTakeAPodThatKeepsToItself() throws Exception {
        String job =
                """
                {"name": "good", "podSpec": {
                  "securityContext": {"runAsUser": 1000, "fsGroup": 1000, "seccompProfile": {"type": "RuntimeDefault"},
                    "sysctls": [{"name": "net.ipv4.tcp_syncookies", "value": "1"}]},
                  "serviceAccountName": "default", "automountServiceAccountToken": false, "priorityClassName": "batch",
                  "volumes": [{"name": "v", "emptyDir": {}}, {"name": "c", "projected": {"sources": [{"configMap": {"name": "c"}}]}}],
                  "initContainers": [{"name": "i", "image": "busybox", "restartPolicy": "Always",
                    "readinessProbe": {"httpGet": {"port": 80}}}],
                  "containers": [{"name": "main", "image": "busybox", "ports": [{"containerPort": 80, "hostPort": 0}],
                    "securityContext": {"privileged": false, "capabilities": {"add": ["NET_BIND_SERVICE"]}}}]}}
                """;
        assertThat(PodObjections.to(spec(Json.parse(job)), PodPolicies.STANDARD.of("default")))
                .isEmpty();
    }

    @Test
    void shouldRefuseRootOnlyWhereThePolicyDoes() throws Exception {
        PodPolicies strict = new PodPolicies(Set.of("strict"), List.of(), List.of(), null);
        JobSpec root =
                spec(
                        Json.parse(
                                """
                                {"name": "root", "podSpec": {"securityContext": {"runAsNonRoot": false},
                                  "containers": [{"name": "main", "image": "busybox", "securityContext": {"runAsUser": 0}}]}}
                                """));
        assertThat(PodObjections.to(root, strict.of("default"))).isEmpty();
        assertThat(PodObjections.to(root, strict.of("strict")))
                .extracting(FieldError::pointer)
                .containsExactly(
                        "/podSpec/securityContext/runAsNonRoot",
                        "/podSpec/containers/0/securityContext/runAsUser");
    }

    @Test
    void shouldAnswerA422ThatNamesTheFieldAndNeverAimAtTheControlPlaneItself() throws Exception {
        try (WebServer web = new WebServer(Map.of("windlass.jobs.own-namespace", "team-a"))) {
            Map<String, Object> hostile = Json.asObject(Json.parse(HostilePods.lines().getFirst()));
            WebServer.Answer answer = web.post("/api/v1/jobs", Json.write(hostile.get("job")));
            assertThat(answer.status()).isEqualTo(422);
            assertThat(answer.body().toString())
                    .contains("/podSpec/hostNetwork", "windlass.jobs.allow", "host-namespaces");
            WebServer.Answer own =
                    web.post(
                            "/api/v1/jobs",
                            "{\"name\":\"own\",\"image\":\"busybox\",\"namespace\":\"team-a\"}");
            assertThat(own.status()).isEqualTo(422);
            assertThat(own.body().toString()).contains("/namespace");
        }
    }

    @Test
    void shouldSayWhatIsWrongWithAPolicyThatCannotBeMeant() {
        assertThatThrownBy(() -> policies("default:everything")).hasMessageContaining("host-path");
        assertThatThrownBy(() -> policies("host-path")).hasMessageContaining("NAMESPACE:NAME");
    }

    private static PodPolicies policies(String allowed) {
        return new PodPolicies(Set.of(), List.of(allowed), List.of(), null);
    }
}
