package io.windlass.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JobManifestTest {
    private static Map<?, ?> spec(int maxRetries) {
        Map<String, Object> tree = new HashMap<>();
        tree.put("name", "report");
        tree.put("image", "busybox:1.36");
        tree.put("maxRetries", BigDecimal.valueOf(maxRetries));
        JobSpec spec = ((JobSpecReader.Result.Read) JobSpecReader.read(tree, "local")).spec();
        JobIdentity identity =
                new JobIdentity(Fixtures.INSTALLATION, Fixtures.ID, 1, Fixtures.HASH);
        return (Map<?, ?>) JobManifest.of(spec, identity, Fixtures.NAME).get("spec");
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
}
