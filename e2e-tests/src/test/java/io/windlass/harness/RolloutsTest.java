package io.windlass.harness;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RolloutsTest {
    private static final String POD =
            """
            {"kind": "Pod", "metadata": {"name": "a-1", "ownerReferences": [{}]%s},
             "status": {"conditions": [{"type": "Ready", "status": "%s"}]}}\
            """;

    private static String list(String deploymentStatus, String... pods) {
        return """
        {"items": [{"kind": "Deployment", "metadata": {"name": "a", "generation": 2},
                    "spec": {"replicas": 1}, "status": {%s}}, %s]}\
        """
                .formatted(deploymentStatus, String.join(",", pods));
    }

    private static final String DONE =
            "\"observedGeneration\": 2, \"replicas\": 1, \"updatedReplicas\": 1, \"availableReplicas\": 1";

    @Test
    void shouldHaveNothingToWaitForWhenAllIsRolledOut() {
        assertThat(Rollouts.unready(list(DONE, POD.formatted("", "True")))).isEmpty();
    }

    @Test
    void shouldWaitForWhatIsNotSeenNotUpdatedOrNotAvailable() {
        String ready = POD.formatted("", "True");
        assertThat(Rollouts.unready(list("", ready))).hasSize(1);
        assertThat(
                        Rollouts.unready(
                                list(DONE.replace("Generation\": 2", "Generation\": 1"), ready)))
                .hasSize(1);
        assertThat(
                        Rollouts.unready(
                                list(DONE.replace("\"replicas\": 1", "\"replicas\": 2"), ready)))
                .hasSize(1);
        assertThat(
                        Rollouts.unready(
                                list(DONE.replace("edReplicas\": 1", "edReplicas\": 0"), ready)))
                .hasSize(1);
    }

    @Test
    void shouldWaitForAPodWhoseEndTheStatusDoesNotTellYet() {
        assertThat(Rollouts.unready(list(DONE, POD.formatted("", "False")))).hasSize(1);
        String ends = POD.formatted(", \"deletionTimestamp\": \"2026-11-22T00:00:00Z\"", "True");
        assertThat(Rollouts.unready(list(DONE, ends))).hasSize(1);
    }
}
