package io.windlass.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobSpecReaderTest {
    private static Map<String, Object> job() {
        Map<String, Object> job = new HashMap<>();
        job.put("name", "report");
        job.put("image", "busybox:1.36");
        return job;
    }

    private static Map<String, Object> with(String field, Object value) {
        Map<String, Object> job = job();
        job.put(field, value);
        return job;
    }

    private static JobSpec read(Map<String, Object> tree) {
        return ((JobSpecReader.Result.Read) JobSpecReader.read(tree, "local")).spec();
    }

    private static String pointer(Map<String, Object> tree) {
        return ((JobSpecReader.Result.Wrong) JobSpecReader.read(tree, "local"))
                .errors()
                .getFirst()
                .pointer();
    }

    @Test
    void shouldFillInWhatIsNotSaid() {
        JobSpec spec = read(job());
        assertThat(spec.namespace()).isEqualTo("default");
        assertThat(spec.timeout()).hasHours(24);
        assertThat(spec.completions()).isEqualTo(1);
    }

    @Test
    void shouldReadBackWhatItStores() {
        Map<String, Object> job =
                with(
                        "env",
                        List.of(
                                Map.of("name", "A", "value", "1"),
                                Map.of("name", "B", "secretRef", Map.of("name", "s", "key", "k"))));
        job.put("timeout", "1h30m");
        job.put("maxRetries", BigDecimal.TWO);
        JobSpec spec = read(job);
        Map<String, Object> stored = new LinkedHashMap<>(JobSpecTree.of(spec));
        stored.replaceAll((k, v) -> v instanceof Integer i ? BigDecimal.valueOf(i) : v);
        assertThat(read(stored)).isEqualTo(spec);
    }

    /** Finding P59: what Kubernetes users write first. */
    @Test
    void shouldSayWhatToWriteInsteadOfTheResourcesOfKubernetes() {
        Map<String, Object> limits = Map.of("limits", Map.of("cpu", "1", "memory", "1Gi"));
        assertThat(
                        ((JobSpecReader.Result.Wrong)
                                        JobSpecReader.read(with("resources", limits), "local"))
                                .errors())
                .singleElement()
                .satisfies(error -> {
                    assertThat(error.pointer()).isEqualTo("/resources/limits");
                    assertThat(error.message())
                            .contains("resources.cpu", "resources.memory", "containers");
                });
        assertThat(pointer(with("resources", Map.of("requests", "1"))))
                .isEqualTo("/resources/requests");
        assertThat(pointer(with("resources", Map.of("cpu", BigDecimal.ONE))))
                .isEqualTo("/resources/cpu");
        assertThat(pointer(with("resources", "1"))).isEqualTo("/resources");
        assertThat(read(with("resources", Map.of("cpu", ".5", "memory", "1e+3"))).name())
                .isEqualTo("report");
    }

    /** Finding P26: nobody can shorten it once a kubelet waits. */
    @ParameterizedTest
    @ValueSource(strings = {"-1", "3601", "315360000", "1e17", "1.5"})
    void shouldRefuseAGraceThatNobodyCouldWaitFor(String seconds) {
        Map<String, Object> pod =
                Map.of(
                        "containers",
                        List.of(Map.of("name", "main", "image", "busybox")),
                        "terminationGracePeriodSeconds",
                        new BigDecimal(seconds));
        assertThat(pointer(Map.of("name", "report", "podSpec", pod)))
                .isEqualTo("/podSpec/terminationGracePeriodSeconds");
    }

    @Test
    void shouldNameEveryFieldThatIsWrong() {
        assertThat(pointer(with("nmae", "x"))).isEqualTo("/nmae");
        assertThat(pointer(with("name", "Not_A_Name"))).isEqualTo("/name");
        assertThat(pointer(with("timeout", "soon"))).isEqualTo("/timeout");
        assertThat(pointer(with("maxRetries", new BigDecimal("1.5")))).isEqualTo("/maxRetries");
        assertThat(pointer(with("env", List.of(Map.of("name", "1=2"))))).isEqualTo("/env/0/name");
        assertThat(pointer(with("labels", Map.of("a/b/c", "x")))).isEqualTo("/labels/a~1b~1c");
        assertThat(pointer(with("labels", Map.of("windlass.io/job-id", "x"))))
                .isEqualTo("/labels/windlass.io~1job-id");
        assertThat(pointer(with("resources", Map.of("memory", "lots"))))
                .isEqualTo("/resources/memory");
        assertThat(pointer(with("cluster", "any"))).isEqualTo("/cluster");
        assertThat(pointer(with("podSpec", Map.of()))).isEqualTo("/image");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "busybox",
                "busybox:1.36",
                "127.0.0.1:5001/a/b:v1",
                "ghcr.io/o/r@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            })
    void shouldTakeImageReferences(String image) {
        assertThat(ImageReference.parses(image)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "UPPER", "a b", "a:", "a/", "http://a/b", "a@sha256:12", "-a", "a:-t"})
    void shouldRefuseWhatIsNoImageReference(String image) {
        assertThat(ImageReference.parses(image)).isFalse();
    }

    @Test
    void shouldMakeNamesThatKubernetesTakes() {
        String name =
                JobIdentity.kubernetesName("a-name-that-is-cut-just-a---t-a-dash", Fixtures.ID, 1);
        assertThat(name)
                .matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
                .startsWith("a-name-that-is-cut-just-a-");
        assertThat(name).hasSize(25 + 1 + 26 + 2);
    }

    @Test
    void shouldReadDurationsInBothForms() {
        assertThat(Durations.parse("1h30m")).contains(Duration.ofMinutes(90));
        assertThat(Durations.parse("PT5S")).contains(Duration.ofSeconds(5));
        assertThat(Durations.parse("5")).isEmpty();
        assertThat(Durations.parse("-5s")).isEmpty();
        assertThat(Durations.parse(Durations.format(Duration.ofMillis(90_061_500))))
                .contains(Duration.ofMillis(90_061_500));
    }
}
