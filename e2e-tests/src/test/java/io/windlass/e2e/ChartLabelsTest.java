package io.windlass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * The six labels that Kubernetes recommends, on everything that Windlass brings along; only pods of
 * databases and queues, which a new version must not start again, have no label that changes.
 */
class ChartLabelsTest {
    private static final List<String> RECOMMENDED =
            Stream.of("name", "instance", "version", "component", "part-of", "managed-by")
                    .map(label -> "app.kubernetes.io/" + label)
                    .toList();

    private static void haveAll(List<HasMetadata> objects) {
        for (HasMetadata object : objects) {
            String what = object.getKind() + " " + object.getMetadata().getName();
            hasAll(what, object.getMetadata());
            switch (object) {
                case Deployment queue when what.endsWith("elasticmq") ->
                        lasts("pods of " + what, queue.getSpec().getTemplate().getMetadata());
                case Deployment deployment ->
                        hasAll("pods of " + what, deployment.getSpec().getTemplate().getMetadata());
                case StatefulSet database ->
                        lasts("pods of " + what, database.getSpec().getTemplate().getMetadata());
                default -> {}
            }
        }
    }

    private static void lasts(String what, ObjectMeta metadata) {
        assertThat(metadata.getLabels())
                .as(what)
                .containsKey("app.kubernetes.io/part-of")
                .doesNotContainKeys("app.kubernetes.io/version", "helm.sh/chart");
    }

    private static void hasAll(String what, ObjectMeta metadata) {
        assertThat(metadata.getLabels()).as(what).containsKeys(RECOMMENDED.toArray(String[]::new));
        assertThat(metadata.getLabels().values())
                .as(what)
                .allSatisfy(value ->
                        assertThat(value).matches("[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}\\w)?"));
    }

    private static List<HasMetadata> minikube() throws IOException {
        List<HasMetadata> all = new ArrayList<>();
        Path folder = RenderedChart.ROOT.resolve("minikube");
        List<Path> files;
        try (Stream<Path> found = Files.walk(folder)) {
            files =
                    found.filter(file -> file.toString().endsWith(".yaml"))
                            // what a user would write, and not Windlass
                            .filter(file -> !file.endsWith("example.yaml"))
                            .sorted()
                            .toList();
        }
        for (Path file : files) {
            for (String document : Deployments.documents(Files.readString(file))) {
                all.add((HasMetadata) RenderedChart.YAML.unmarshal(document));
            }
        }
        return all;
    }

    @Test
    void shouldBeOnEachObjectOfMinikube() throws IOException {
        List<HasMetadata> all = minikube();
        assertThat(all).hasSizeGreaterThan(40);
        haveAll(all);
    }

    @Test
    @EnabledIf("io.windlass.e2e.RenderedChart#available")
    void shouldBeOnEachObjectOfTheChart() throws Exception {
        haveAll(RenderedChart.made());
        haveAll(RenderedChart.made("-f", RenderedChart.EVERYTHING));
    }

    /** Nobody may change a selector: an upgrade would have to delete the Deployment. */
    @Test
    @EnabledIf("io.windlass.e2e.RenderedChart#available")
    void shouldStayOutOfSelectors() throws Exception {
        for (Deployment deployment :
                RenderedChart.all(
                        Deployment.class, RenderedChart.made("-f", RenderedChart.EVERYTHING))) {
            assertThat(deployment.getSpec().getSelector().getMatchLabels())
                    .as(deployment.getMetadata().getName())
                    .containsOnlyKeys("app.kubernetes.io/name", "app.kubernetes.io/instance");
        }
        for (Deployment deployment : RenderedChart.all(Deployment.class, minikube())) {
            assertThat(deployment.getSpec().getSelector().getMatchLabels())
                    .as(deployment.getMetadata().getName())
                    .isEqualTo(
                            Map.of(
                                    "app.kubernetes.io/name",
                                    deployment.getMetadata().getName(),
                                    "app.kubernetes.io/part-of",
                                    "windlass"));
        }
    }
}
