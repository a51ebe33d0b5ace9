package io.windlass.e2e;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.windlass.harness.Commands;
import io.windlass.testing.LeftOut;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The chart as {@code helm template} renders it: release {@code w} in namespace {@code own}. */
final class RenderedChart {
    static final Path ROOT = Path.of(System.getProperty("windlass.root", ".."));
    static final Path CHART = ROOT.resolve("charts/windlass");
    static final String EVERYTHING = "charts/windlass/ci/everything.yaml";
    static final String HELM = System.getenv("WINDLASS_TEST_HELM");
    static final KubernetesSerialization YAML = new KubernetesSerialization();

    private RenderedChart() {}

    static boolean available() {
        return LeftOut.unless(HELM != null, "helm (WINDLASS_TEST_HELM is not set)");
    }

    static List<HasMetadata> made(String... values) throws Exception {
        List<String> command =
                new ArrayList<>(List.of(HELM, "template", "w", CHART.toString(), "-n", "own"));
        command.addAll(List.of(values));
        String manifests = Commands.run(ROOT, Map.of(), command);
        Object read = YAML.unmarshal(manifests);
        return ((List<?>) read).stream().map(HasMetadata.class::cast).toList();
    }

    static <T> List<T> all(Class<T> kind, List<HasMetadata> of) {
        return of.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    static Set<String> names(String kind, List<HasMetadata> of) {
        return of.stream()
                .filter(o -> o.getKind().equals(kind))
                .map(o -> o.getMetadata().getName())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    static Deployment deployment(String service, List<HasMetadata> of) {
        return all(Deployment.class, of).stream()
                .filter(d -> d.getMetadata().getName().equals("w-windlass-" + service))
                .findFirst()
                .orElseThrow();
    }

    static PodSpec pod(String service, List<HasMetadata> of) {
        return deployment(service, of).getSpec().getTemplate().getSpec();
    }
}
