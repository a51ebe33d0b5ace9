package io.windlass.podscheduler.bind;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiDeedsTest {
    private static Outcome of(int code) {
        return ApiDeeds.outcome(
                new KubernetesClientException(
                        new StatusBuilder()
                                .withCode(code)
                                .withReason("Because")
                                .withMessage("of that")
                                .build()));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 404, 409, 422})
    void shouldTakeADecisionForOne(int code) {
        assertThat(of(code)).isEqualTo(new Outcome.Refused(code, "Because", "of that"));
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 408, 429, 500, 503, 504})
    void shouldNotTakeForADecisionWhatMayPass(int code) {
        assertThat(of(code)).isInstanceOf(Outcome.Away.class);
    }

    @Test
    void shouldNotTakeALostConnectionForADecision() {
        assertThat(
                        ApiDeeds.outcome(
                                new KubernetesClientException(
                                        "reset", new IOException("connection reset"))))
                .isInstanceOf(Outcome.Away.class);
    }
}
