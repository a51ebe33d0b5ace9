package io.windlass.e2e;

import static io.windlass.e2e.RenderedChart.EVERYTHING;
import static io.windlass.e2e.RenderedChart.all;
import static io.windlass.e2e.RenderedChart.made;
import static io.windlass.e2e.RenderedChart.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user adds to the pods of the chart, or takes out of them. */
@EnabledIf("io.windlass.e2e.RenderedChart#available")
class ChartExtrasTest {
    private static final String AUTHORITIES = "/etc/windlass/ca/ca.crt";

    private static Stream<String> services() {
        return Stream.concat(Deployments.SERVICES.stream(), Stream.of("pod-scheduler"));
    }

    private static List<Container> containers(PodSpec pod) {
        List<Container> all = new ArrayList<>(pod.getInitContainers());
        all.addAll(pod.getContainers());
        return all;
    }

    private static void has(Container container, String what) {
        assertThat(container.getEnv())
                .filteredOn(v -> v.getName().equals("A"))
                .singleElement()
                .extracting(EnvVar::getValue)
                .isEqualTo("b");
        assertThat(container.getEnvFrom())
                .filteredOn(e -> e.getConfigMapRef() != null)
                .extracting(e -> e.getConfigMapRef().getName())
                .contains(what);
        assertThat(container.getVolumeMounts())
                .extracting(VolumeMount::getName)
                .contains(what, "tmp");
    }

    @Test
    void shouldTakeVariablesAndVolumesForEachServiceAndForWhatRunsBeforeIt() throws Exception {
        List<HasMetadata> made = made("-f", EVERYTHING);
        services()
                .forEach(service -> {
                    PodSpec pod = pod(service, made);
                    has(pod.getContainers().getFirst(), "more");
                    pod.getInitContainers().forEach(container -> has(container, "before"));
                    assertThat(pod.getVolumes())
                            .as(service)
                            .extracting(Volume::getName)
                            .doesNotHaveDuplicates()
                            .contains("more")
                            .matches(names ->
                                    names.contains("before") != pod.getInitContainers().isEmpty());
                });
    }

    @Test
    void shouldGiveAuthoritiesToEachJvmAndToTheDriverOfTheDatabase() throws Exception {
        List<HasMetadata> made = made("-f", EVERYTHING);
        assertThat(all(ConfigMap.class, made))
                .filteredOn(c -> c.getMetadata().getName().equals("w-windlass"))
                .singleElement()
                .extracting(ConfigMap::getData)
                .satisfies(data ->
                        assertThat(data)
                                .containsEntry("WINDLASS_CA_BUNDLE", AUTHORITIES)
                                .containsEntry(
                                        "WINDLASS_DATABASE_URL",
                                        "jdbc:postgresql://db.example.com/windlass?sslmode=require&sslrootcert="
                                                + AUTHORITIES));
        for (String service : Deployments.SERVICES) {
            PodSpec pod = pod(service, made);
            assertThat(pod.getVolumes())
                    .filteredOn(v -> v.getName().equals("ca"))
                    .singleElement()
                    .satisfies(volume -> {
                        assertThat(volume.getConfigMap().getName()).isEqualTo("authorities");
                        assertThat(volume.getConfigMap().getItems().getFirst().getKey())
                                .isEqualTo("private.pem");
                    });
            for (Container container : containers(pod)) {
                assertThat(container.getVolumeMounts())
                        .as("%s of %s", container.getName(), service)
                        .filteredOn(m -> m.getName().equals("ca"))
                        .singleElement()
                        .satisfies(m -> assertThat(m.getMountPath()).isEqualTo("/etc/windlass/ca"));
            }
        }
    }

    @Test
    void shouldTakeAuthoritiesFromASecretAndLeaveAnAddressThatNamesItsOwn() throws Exception {
        List<HasMetadata> made =
                made(
                        "-f",
                        EVERYTHING,
                        "--set",
                        "caBundle.configMap=,caBundle.secret=authorities",
                        "--set",
                        "database.url=jdbc:postgresql://db/windlass?sslrootcert=/mine");
        assertThat(pod("web-server", made).getVolumes())
                .filteredOn(v -> v.getName().equals("ca"))
                .singleElement()
                .satisfies(v -> assertThat(v.getSecret().getSecretName()).isEqualTo("authorities"));
        assertThat(all(ConfigMap.class, made))
                .filteredOn(c -> c.getMetadata().getName().equals("w-windlass"))
                .singleElement()
                .satisfies(c ->
                        assertThat(c.getData())
                                .containsEntry(
                                        "WINDLASS_DATABASE_URL",
                                        "jdbc:postgresql://db/windlass?sslrootcert=/mine"));
    }

    @Test
    void shouldBeLockedDownByDefault() throws Exception {
        List<HasMetadata> made = made("--set", "podScheduler.enabled=true");
        services()
                .forEach(service -> {
                    PodSpec pod = pod(service, made);
                    assertThat(pod.getSecurityContext().getRunAsUser()).isEqualTo(10_001);
                    assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
                    assertThat(containers(pod))
                            .as(service)
                            .extracting(Container::getSecurityContext)
                            .allSatisfy(context -> {
                                assertThat(context.getReadOnlyRootFilesystem()).isTrue();
                                assertThat(context.getAllowPrivilegeEscalation()).isFalse();
                                assertThat(context.getCapabilities().getDrop())
                                        .containsExactly("ALL");
                            });
                });
    }

    @Test
    void shouldTakeOtherSecurityContextsAndNoUserIdEither() throws Exception {
        List<HasMetadata> made = made("-f", EVERYTHING);
        services()
                .forEach(service -> {
                    PodSpec pod = pod(service, made);
                    assertThat(pod.getSecurityContext().getRunAsUser()).as(service).isNull();
                    assertThat(pod.getSecurityContext().getRunAsGroup()).as(service).isNull();
                    assertThat(pod.getSecurityContext().getRunAsNonRoot()).as(service).isTrue();
                    assertThat(containers(pod))
                            .as(service)
                            .extracting(Container::getSecurityContext)
                            .allSatisfy(context -> {
                                assertThat(context.getRunAsUser()).isNull();
                                assertThat(context.getReadOnlyRootFilesystem()).isTrue();
                                assertThat(context.getCapabilities().getAdd())
                                        .containsExactly("NET_BIND_SERVICE");
                            });
                });
        List<String> none = new ArrayList<>();
        for (String context :
                List.of(
                        "podSecurityContext",
                        "securityContext",
                        "database.embedded.podSecurityContext",
                        "queue.embedded.podSecurityContext")) {
            none.addAll(List.of("--set", context + "=null"));
        }
        assertThat(made(none.toArray(String[]::new)).toString())
                .contains("securityContext=null")
                .doesNotContain("runAsNonRoot=true");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "caBundle.configMap=a,caBundle.secret=b",
                "caBundle.configMap=a,caBundle.key=",
                "webServer.extraEnv[0].value=b",
                "webServer.extraVolumeMounts[0].name=b",
                "initContainers.extraVolumes[0].emptyDir.medium=Memory",
                "initContainers.resources.limits.cpu=1"
            })
    void shouldRefuseWhatCannotBeMeant(String value) {
        assertThatThrownBy(() -> made("--set", value)).hasMessageContaining("Error:");
    }
}
