package io.windlass.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EditsTest {
    private final AtomicInteger tries = new AtomicInteger();

    @Test
    void shouldEditAgainWhereSomebodyElseWasFaster() {
        Edits.retried(() -> {
            if (tries.incrementAndGet() < 3) {
                throw new KubernetesClientException("modified", 409, null);
            }
        });
        assertThat(tries).hasValue(3);
    }

    @Test
    void shouldSayAtOnceWhatElseWentWrong() {
        assertThatThrownBy(() ->
                        Edits.retried(() -> {
                            tries.incrementAndGet();
                            throw new KubernetesClientException("no", 404, null);
                        }))
                .isInstanceOf(KubernetesClientException.class);
        assertThat(tries).hasValue(1);
    }
}
