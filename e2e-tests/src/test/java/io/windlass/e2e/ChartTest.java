package io.windlass.e2e;

import static io.windlass.e2e.RenderedChart.CHART;
import static io.windlass.e2e.RenderedChart.EVERYTHING;
import static io.windlass.e2e.RenderedChart.YAML;
import static io.windlass.e2e.RenderedChart.all;
import static io.windlass.e2e.RenderedChart.deployment;
import static io.windlass.e2e.RenderedChart.made;
import static io.windlass.e2e.RenderedChart.names;
import static io.windlass.e2e.RenderedChart.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleRef;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import io.windlass.json.Json;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the chart makes of its values; that Kubernetes knows it all is checked by charts/check. */
@EnabledIf("io.windlass.e2e.RenderedChart#available")
class ChartTest {
    @Test
    void shouldBeCompleteForTryingOut() throws Exception {
        List<HasMetadata> all = made();
        assertThat(names("StatefulSet", all)).containsExactly("w-windlass-postgres");
        assertThat(names("Deployment", all)).hasSize(7).contains("w-windlass-elasticmq");
        assertThat(names("PodDisruptionBudget", all)).hasSize(6);
        assertThat(names("NetworkPolicy", all)).hasSize(8);
        assertThat(names("ServiceMonitor", all)).isEmpty();
        assertThat(names("Ingress", all)).isEmpty();
        assertThat(pod("web-server", all).getAutomountServiceAccountToken()).isFalse();
        assertThat(pod("messages-processor", all).getAutomountServiceAccountToken()).isTrue();
        assertThat(pod("web-server", all).getInitContainers())
                .extracting(c -> c.getName())
                .containsExactly("wait-for-postgres", "wait-for-sqs", "migrations");
        assertThat(all(Secret.class, all))
                .allSatisfy(s ->
                        assertThat(s.getMetadata().getAnnotations())
                                .containsEntry("helm.sh/resource-policy", "keep"));
    }

    @Test
    void shouldGiveTheTokenToTheWebServerOnlyAndTheOwnersPasswordToMigrationsOnly()
            throws Exception {
        List<HasMetadata> all = made();
        for (String service : Deployments.SERVICES) {
            PodSpec pod = pod(service, all);
            assertThat(
                            pod.getContainers()
                                    .getFirst()
                                    .getEnvFrom()
                                    .toString()
                                    .contains("w-windlass-api"))
                    .as("token of %s", service)
                    .isEqualTo(service.equals("web-server"));
            assertThat(pod.getContainers().getFirst().getEnv().toString())
                    .as(service)
                    .doesNotContain("key=owner");
            assertThat(
                            pod.getContainers()
                                    .getFirst()
                                    .getEnv()
                                    .toString()
                                    .contains("w-windlass-database"))
                    .as("database of %s", service)
                    .isEqualTo(
                            Set.of(
                                            "web-server",
                                            "messages-processor",
                                            "schedules-processor",
                                            "cluster-gateway")
                                    .contains(service));
        }
    }

    @Test
    void shouldLeaveOutWhatIsElsewhereAndTakeWhatIsGiven() throws Exception {
        List<HasMetadata> all = made("-f", EVERYTHING);
        assertThat(names("StatefulSet", all)).isEmpty();
        assertThat(names("Secret", all)).isEmpty();
        assertThat(names("Deployment", all)).hasSize(7);
        assertThat(names("HorizontalPodAutoscaler", all))
                .containsExactly("w-windlass-messages-processor", "w-windlass-web-server");
        assertThat(deployment("web-server", all).getSpec().getReplicas())
                .as("the autoscaler's to say")
                .isNull();
        assertThat(names("ServiceMonitor", all)).hasSize(1);
        assertThat(names("PrometheusRule", all)).hasSize(1);
        Ingress ingress = all(Ingress.class, all).getFirst();
        assertThat(ingress.getSpec().getRules().getFirst().getHost()).isEqualTo("jobs.example.com");
        assertThat(pod("web-server", all).getContainers().getFirst().getImage())
                .isEqualTo("registry.example.com/platform/windlass-web-server:1.2.3");
        assertThat(pod("web-server", all).getInitContainers())
                .flatExtracting(c -> c.getArgs())
                .containsExactly(
                        "wait",
                        "db.example.com:5432",
                        "wait",
                        "sqs.eu-central-1.amazonaws.com:443");
    }

    @Test
    void shouldTellWhereLogsLieToThoseAloneWhoReadAndWriteThem() throws Exception {
        List<HasMetadata> all = made("-f", EVERYTHING);
        assertThat(all(ConfigMap.class, all))
                .filteredOn(c -> c.getMetadata().getName().equals("w-windlass"))
                .singleElement()
                .satisfies(c ->
                        assertThat(c.getData())
                                .containsEntry("WINDLASS_OBJECTS_BUCKET", "logs")
                                .containsEntry("WINDLASS_OBJECTS_PATH_STYLE", "true")
                                .doesNotContainKey("WINDLASS_LOGS_KEEP_STORED"));
        for (String service : Deployments.SERVICES) {
            assertThat(
                            pod(service, all)
                                    .getContainers()
                                    .getFirst()
                                    .getEnvFrom()
                                    .toString()
                                    .contains("windlass-objects"))
                    .as(service)
                    .isEqualTo(Set.of("web-server", "cluster-gateway").contains(service));
        }
        assertThat(all(ConfigMap.class, made()))
                .filteredOn(c -> c.getMetadata().getName().equals("w-windlass"))
                .singleElement()
                .satisfies(c ->
                        assertThat(c.getData())
                                .containsEntry("WINDLASS_LOGS_KEEP_STORED", "300MB")
                                .doesNotContainKey("WINDLASS_OBJECTS_BUCKET"));
    }

    @Test
    void shouldMakeARoleOfEachServiceInEachNamespaceThatJobsGoToAndOfThePodSchedulerInItsOwn()
            throws Exception {
        assertThat(made("-f", EVERYTHING))
                .filteredOn(o -> o.getKind().equals("Role"))
                .extracting(o -> o.getMetadata().getNamespace())
                .containsExactlyInAnyOrder(
                        "team-a", "team-a", "team-a", "team-a", "team-b", "team-b", "team-b",
                        "team-b", "own");
    }

    @Test
    void shouldGiveEachServiceItsRightsAndNoMore() throws Exception {
        List<HasMetadata> all = made("--set", "targetNamespaces={team-a}");
        for (String service : Deployments.SERVICES) {
            Set<String> everywhere = rights(service, "", all);
            Set<String> withJobs = rights(service, "team-a", all);
            withJobs.addAll(everywhere);
            assertThat(withJobs)
                    .as("%s where jobs are", service)
                    .isEqualTo(Deployments.inTheNamespaceOfJobs(service));
            assertThat(everywhere)
                    .as("%s elsewhere", service)
                    .isEqualTo(Deployments.anywhere(service));
        }
        assertThat(all(RoleBinding.class, all))
                .extracting(b -> b.getMetadata().getNamespace())
                .containsOnly("team-a");
    }

    /**
     * What the chart binds to a service's account, written as {@link Rights} does.
     *
     * @param namespace empty for what is bound in the whole cluster
     */
    private static Set<String> rights(String service, String namespace, List<HasMetadata> of) {
        Set<String> rights = new TreeSet<>();
        if (namespace.isEmpty()) {
            for (ClusterRoleBinding binding : all(ClusterRoleBinding.class, of)) {
                if (isOf(service, binding.getSubjects())) {
                    add(rights, binding.getRoleRef(), namespace, of);
                }
            }
            return rights;
        }
        for (RoleBinding binding : all(RoleBinding.class, of)) {
            if (namespace.equals(binding.getMetadata().getNamespace())
                    && isOf(service, binding.getSubjects())) {
                add(rights, binding.getRoleRef(), namespace, of);
            }
        }
        return rights;
    }

    private static boolean isOf(String service, List<Subject> subjects) {
        return subjects.stream()
                .anyMatch(s ->
                        s.getKind().equals("ServiceAccount")
                                && s.getName().equals("w-windlass-" + service)
                                && s.getNamespace().equals("own"));
    }

    private static void add(
            Set<String> rights, RoleRef to, String namespace, List<HasMetadata> of) {
        List<PolicyRule> rules =
                to.getKind().equals("ClusterRole")
                        ? named(ClusterRole.class, to.getName(), "", of).getRules()
                        : named(Role.class, to.getName(), namespace, of).getRules();
        for (PolicyRule rule : rules) {
            for (String verb : rule.getVerbs()) {
                for (String resource : rule.getResources()) {
                    String right = verb + " " + resource;
                    if (rule.getResourceNames().isEmpty()) {
                        rights.add(right);
                    }
                    rule.getResourceNames().forEach(name -> rights.add(right + " " + name));
                }
            }
        }
    }

    private static <T extends HasMetadata> T named(
            Class<T> kind, String name, String namespace, List<HasMetadata> of) {
        return all(kind, of).stream()
                .filter(o -> o.getMetadata().getName().equals(name))
                .filter(o ->
                        namespace.isEmpty() || namespace.equals(o.getMetadata().getNamespace()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldBringThePodSchedulerOnlyWhereThatIsAsked() throws Exception {
        assertThat(names("ServiceAccount", made())).doesNotContain("w-windlass-pod-scheduler");
        List<HasMetadata> all = made("-f", EVERYTHING);
        PodSpec pod = pod("pod-scheduler", all);
        assertThat(pod.getServiceAccountName()).isEqualTo("w-windlass-pod-scheduler");
        assertThat(pod.getContainers().getFirst().getEnvFrom())
                .as("nothing of Windlass's")
                .extracting(from -> from.getConfigMapRef().getName())
                .containsExactly("more");
        assertThat(names("ClusterRole", all)).contains("own-w-windlass-pod-scheduler");
        assertThat(all(ConfigMap.class, all))
                .filteredOn(c -> c.getMetadata().getName().equals("w-windlass-pod-scheduler"))
                .singleElement()
                .asString()
                .contains("node-{ordinal}", "disk: ssd");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ClusterIP", "NodePort", "LoadBalancer"})
    void shouldBeReachedAsItIsSaid(String type) throws Exception {
        List<HasMetadata> all =
                made(
                        "--set",
                        "webServer.service.type=" + type,
                        "--set",
                        "webServer.service.nodePort=30123");
        Service service =
                all(Service.class, all).stream()
                        .filter(s -> s.getMetadata().getName().equals("w-windlass"))
                        .findFirst()
                        .orElseThrow();
        assertThat(service.getSpec().getType()).isEqualTo(type);
        assertThat(service.getSpec().getPorts().getFirst().getNodePort())
                .isEqualTo(type.equals("ClusterIP") ? null : Integer.valueOf(30_123));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "targetNamespaces={own}",
                "targetNamespaces={}",
                "database.url=jdbc:postgresql://db/windlass",
                "database.url=postgres://db/windlass",
                "webServer.replicas=0",
                "webServer.service.type=Nodeport",
                "image.registry=registry.example.com",
                "jobs.allow={default:everything}",
                "config.OTHER=1",
                "webserver.replicas=3",
                "podScheduler.policy=fill",
                "podScheduler.rules[0].pods=web-*"
            })
    void shouldRefuseWhatCannotBeMeant(String value) {
        assertThatThrownBy(() -> made("--set", value)).hasMessageContaining("Error:");
    }

    @Test
    void shouldKnowEveryValueByItsSchema() throws Exception {
        Map<String, Object> schema =
                Json.object(Files.readString(CHART.resolve("values.schema.json")));
        Map<String, Object> values =
                Json.asObject(
                        YAML.unmarshal(Files.readString(CHART.resolve("values.yaml")), Map.class));
        Set<String> known = new TreeSet<>(Json.asObject(schema.get("properties")).keySet());
        known.remove("global");
        assertThat(values.keySet()).containsExactlyInAnyOrderElementsOf(known);
    }
}
