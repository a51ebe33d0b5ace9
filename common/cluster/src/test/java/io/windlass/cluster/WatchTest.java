package io.windlass.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A watch comes back, whether its informer died or only went silent. */
class WatchTest {
    private static final ResourceEventHandler<Pod> NOBODY =
            new ResourceEventHandler<>() {
                @Override
                public void onAdd(Pod pod) {}

                @Override
                public void onUpdate(Pod before, Pod pod) {}

                @Override
                public void onDelete(Pod pod, boolean unknown) {}
            };

    private final List<FakeInformer> made = new ArrayList<>();
    private String serverVersion = "1";
    private long now;

    private final Watch<Pod> watch =
            new Watch<>(
                    "pods",
                    () -> {
                        FakeInformer informer = new FakeInformer();
                        made.add(informer);
                        return informer.proxy();
                    },
                    () -> serverVersion,
                    NOBODY,
                    Duration.ofSeconds(90),
                    () -> now);

    private void pass(Duration time) {
        now += time.toNanos();
        watch.tend();
    }

    @Test
    void shouldMakeAnInformerAnewThatHasStoppedForGood() {
        watch.tend();
        made.getFirst().running = false;
        watch.tend();
        assertThat(made).hasSize(2);
        assertThat(watch.rebuilt()).isEqualTo(1);
    }

    @Test
    void shouldMakeAnInformerAnewThatIsSilentWhileTheServerMovesOn() {
        watch.tend();
        pass(Duration.ofSeconds(60));
        serverVersion = "2";
        pass(Duration.ofSeconds(60));
        assertThat(made).as("it may be about to tell").hasSize(1);
        pass(Duration.ofSeconds(60));
        assertThat(made).hasSize(2);
        assertThat(made.getFirst().running).as("the old one is stopped").isFalse();
    }

    @Test
    void shouldLeaveAloneWhatIsSilentBecauseNothingHappens() {
        watch.tend();
        for (int i = 0; i < 20; i++) {
            pass(Duration.ofSeconds(60));
        }
        assertThat(made).hasSize(1);
        assertThat(watch.age()).isLessThan(Duration.ofMinutes(5));
    }

    @Test
    void shouldCountABookmarkAsAWord() {
        watch.tend();
        for (int i = 2; i < 10; i++) {
            serverVersion = Integer.toString(i);
            made.getFirst().version = serverVersion;
            pass(Duration.ofSeconds(60));
        }
        assertThat(made).hasSize(1);
        assertThat(watch.age()).isZero();
    }

    /** Only what a watch asks of an informer. */
    private static final class FakeInformer {
        private boolean running = true;
        private String version = "1";

        @SuppressWarnings("unchecked") // the proxy's class cannot name its type argument
        private SharedIndexInformer<Pod> proxy() {
            return (SharedIndexInformer<Pod>)
                    Proxy.newProxyInstance(
                            getClass().getClassLoader(),
                            new Class<?>[] {SharedIndexInformer.class},
                            (self, method, arguments) ->
                                    switch (method.getName()) {
                                        case "isRunning" -> running;
                                        case "lastSyncResourceVersion" -> version;
                                        case "start" -> new CompletableFuture<Void>();
                                        case "stop" -> {
                                            running = false;
                                            yield null;
                                        }
                                        default -> self;
                                    });
        }
    }
}
