package io.windlass.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JobManifestTest {
    private static Map<?, ?> spec(int maxRetries) {
        Map<String, Object> tree = new HashMap<>();
        tree.put("name", "report");
        tree.put("image", "busybox:1.36");
        tree.put("maxRetries", BigDecimal.valueOf(maxRetries));
        return spec(tree, PodPolicy.STANDARD);
    }

    private static Map<?, ?> spec(Map<String, Object> tree, PodPolicy policy) {
        JobSpec spec = ((JobSpecReader.Result.Read) JobSpecReader.read(tree, "local")).spec();
        JobIdentity identity =
                new JobIdentity(Fixtures.INSTALLATION, Fixtures.ID, 1, Fixtures.HASH);
        return (Map<?, ?>) JobManifest.of(spec, identity, Fixtures.NAME, policy, null).get("spec");
    }

    @Test
    void shouldLetANodesRefusalBeTriedAgainButNotAProgramsExit() {
        assertThat(spec(0).get("backoffLimit")).isEqualTo(3);
        assertThat(((Map<?, ?>) spec(0).get("podFailurePolicy")).get("rules"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .extracting(rule -> ((Map<?, ?>) rule).get("action"))
                .isEqualTo(List.of("Ignore", "FailJob"));
        assertThat(spec(2).get("backoffLimit")).isEqualTo(2);
    }

    @Test
    void shouldNeverLetKubernetesDeleteTheAnswerBeforeItIsRead() {
        assertThat(spec(0).containsKey("ttlSecondsAfterFinished")).isFalse();
        assertThat(spec(0).get("activeDeadlineSeconds")).isEqualTo(86_400L);
        assertThat(spec(0).get("podReplacementPolicy")).isEqualTo("Failed");
    }

    @Test
    void shouldNotCutATimeoutShorterToWholeSeconds() {
        Map<String, Object> tree = new HashMap<>();
        tree.put("name", "report");
        tree.put("image", "busybox:1.36");
        for (Map.Entry<String, Long> wanted : Map.of("1500ms", 2L, "2s", 2L).entrySet()) {
            tree.put("timeout", wanted.getKey());
            assertThat(spec(tree, PodPolicy.STANDARD).get("activeDeadlineSeconds"))
                    .as(wanted.getKey())
                    .isEqualTo(wanted.getValue());
        }
    }

    private static Map<?, ?> pod(Map<String, Object> tree, PodPolicy policy) {
        return (Map<?, ?>) ((Map<?, ?>) spec(tree, policy).get("template")).get("spec");
    }

    private static Object security(Map<?, ?> pod, String containers) {
        return ((Map<?, ?>) ((List<?>) pod.get(containers)).getFirst()).get("securityContext");
    }

    @Test
    void shouldGiveAPodWhatRestrictedPodSecurityWants() {
        Map<?, ?> pod = pod(Map.of("name", "n", "image", "busybox"), PodPolicy.STANDARD);
        assertThat(pod.get("automountServiceAccountToken")).isEqualTo(false);
        assertThat(pod.get("securityContext"))
                .isEqualTo(Map.of("seccompProfile", Map.of("type", "RuntimeDefault")));
        assertThat(security(pod, "containers"))
                .isEqualTo(
                        Map.of(
                                "allowPrivilegeEscalation",
                                false,
                                "capabilities",
                                Map.of("drop", List.of("ALL"))));
        PodPolicy noRoot = new PodPolicy(true, Set.of(), Set.of());
        assertThat(
                        (Map<?, ?>)
                                pod(Map.of("name", "n", "image", "busybox"), noRoot)
                                        .get("securityContext"))
                .extracting("runAsNonRoot")
                .isEqualTo(true);
    }

    @Test
    void shouldLeaveWhatTheJobSaysItself() {
        Map<String, Object> security =
                Map.of(
                        "capabilities",
                        Map.of("drop", List.of("NET_RAW")),
                        "allowPrivilegeEscalation",
                        true);
        Map<String, Object> container =
                Map.of("name", "main", "image", "busybox", "securityContext", security);
        Map<?, ?> pod =
                pod(
                        Map.of(
                                "name",
                                "n",
                                "podSpec",
                                Map.of(
                                        "serviceAccountName",
                                        "runner",
                                        "securityContext",
                                        Map.of("seccompProfile", Map.of("type", "Localhost")),
                                        "initContainers",
                                        List.of(container),
                                        "containers",
                                        List.of(container))),
                        new PodPolicy(false, Set.of(), Set.of("runner")));
        assertThat(pod.get("automountServiceAccountToken")).isEqualTo(true);
        assertThat(security(pod, "containers")).isEqualTo(security);
        assertThat(security(pod, "initContainers")).isEqualTo(security);
        assertThat(pod.get("securityContext"))
                .isEqualTo(Map.of("seccompProfile", Map.of("type", "Localhost")));
    }

    @Test
    void shouldMountATokenOnlyOfAnAccountThatJobsMayActBy() {
        Map<String, Object> flat =
                Map.of("name", "n", "image", "busybox", "serviceAccountName", "default");
        Map<String, Object> whole =
                Map.of(
                        "name",
                        "n",
                        "podSpec",
                        Map.of(
                                "serviceAccountName",
                                "default",
                                "containers",
                                List.of(Map.of("name", "main", "image", "busybox"))));
        PodPolicy named = new PodPolicy(false, Set.of(), Set.of("default"));
        PodPolicy all = new PodPolicy(false, Set.of(), Set.of("*"));
        for (Map<String, Object> tree : List.of(flat, whole)) {
            assertThat(pod(tree, PodPolicy.STANDARD).get("automountServiceAccountToken"))
                    .isEqualTo(false);
            assertThat(pod(tree, named).get("automountServiceAccountToken")).isEqualTo(true);
            assertThat(pod(tree, all).get("automountServiceAccountToken")).isEqualTo(true);
        }
        assertThat(pod(Map.of("name", "n", "image", "busybox"), all))
                .as("who asks for no identity has no use for a token")
                .extracting("automountServiceAccountToken")
                .isEqualTo(false);
    }

    @Test
    void shouldNotForbidToRiseWhatKubernetesOnlyTakesWithIt() {
        Map<String, Object> container =
                Map.of(
                        "name",
                        "main",
                        "image",
                        "busybox",
                        "securityContext",
                        Map.of("privileged", true));
        Map<?, ?> pod =
                pod(Map.of("name", "n", "containers", List.of(container)), PodPolicy.STANDARD);
        assertThat(security(pod, "containers")).isEqualTo(Map.of("privileged", true));
    }

    @Test
    void shouldAddNothingToAPodOfWindowsThatOnlyLinuxKnows() {
        Map<String, Object> container = Map.of("name", "main", "image", "busybox");
        Map<?, ?> pod =
                pod(
                        Map.of(
                                "name",
                                "n",
                                "podSpec",
                                Map.of(
                                        "os",
                                        Map.of("name", "windows"),
                                        "containers",
                                        List.of(container))),
                        PodPolicy.STANDARD);
        assertThat(pod.containsKey("securityContext")).isFalse();
        assertThat(security(pod, "containers")).isNull();
    }
}
