package io.windlass.standalone.localcluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JobControllerTest {
    private final ObjectStore store = new ObjectStore();

    private void make(Kind kind, String name, Map<String, @Nullable Object> spec) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("metadata", ObjectStore.metadata("default", name));
        tree.put("spec", spec);
        tree.put("status", Map.of());
        store.create(new Stored(kind, tree));
    }

    private void end(String pod) {
        Awaitility.await("the pod " + pod)
                .until(() -> store.find(Kind.POD, "default", pod).isPresent());
        store.update(Kind.POD, "default", pod, p -> p.with("status", Map.of("phase", "Succeeded")));
    }

    private @Nullable Object succeeded() {
        return store.find(Kind.JOB, "default", "j").orElseThrow().at("status", "succeeded");
    }

    private void makeJobOfTwo() {
        make(
                Kind.JOB,
                "j",
                Map.of(
                        "completions",
                        new BigDecimal(2),
                        "parallelism",
                        new BigDecimal(1),
                        "backoffLimit",
                        new BigDecimal(0),
                        "template",
                        Map.of("spec", Map.of("containers", List.of()))));
    }

    @Test
    void shouldDrawAnotherNameWhereThatIsTaken() {
        Queue<String> drawn = new ArrayDeque<>(List.of("a", "a", "a", "b"));
        try (JobController controller = new JobController(store, drawn::remove)) {
            assertThat(controller).isNotNull();
            makeJobOfTwo();
            end("j-a");
            end("j-b");
            awaitBoth();
        }
    }

    @Test
    void shouldCountAPodThoughTheNextOneCannotBeMade() {
        AtomicInteger draws = new AtomicInteger();
        Supplier<String> failing =
                () -> {
                    int draw = draws.getAndIncrement();
                    if (draw == 1) {
                        throw new IllegalStateException("no name at the second time");
                    }
                    return "p" + draw;
                };
        try (JobController controller = new JobController(store, failing)) {
            assertThat(controller).isNotNull();
            makeJobOfTwo();
            end("j-p0");
            end("j-p2");
            awaitBoth();
        }
    }

    private void awaitBoth() {
        Awaitility.await("both are counted")
                .untilAsserted(() -> assertThat(String.valueOf(succeeded())).isEqualTo("2"));
    }
}
