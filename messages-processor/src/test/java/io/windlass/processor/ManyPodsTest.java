package io.windlass.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.job.Job;
import io.windlass.job.JobId;
import io.windlass.job.PodSeen;
import io.windlass.messages.Message;
import io.windlass.service.Machine;
import io.windlass.store.Progressions;
import io.windlass.store.Wishes;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** P14: a message about a job of many pods reads few of them, and makes of them what all would. */
class ManyPodsTest extends WithConsumer {
    private static final int PODS = 200;

    private final List<Integer> read = new ArrayList<>();
    private Inbox inbox;
    private JobId id;

    @BeforeEach
    void observe() {
        inbox = new Inbox(noting(), decider, hands(), new Wakeups(), new Machine.Real(), metrics);
        id = startedJob();
        inbox.handle(List.of(complete(id, 5, false)));
        inbox.handle(
                IntStream.range(0, PODS)
                        .mapToObj(n -> pod("p" + n, 10 + n, "Succeeded", 0))
                        .toList());
        read.clear();
    }

    private Progressions noting() {
        return new Progressions() {
            @Override
            public <T> T inTransaction(Work<T> work) {
                return progressions.inTransaction(batch -> work.with(noting(batch)));
            }
        };
    }

    private Progressions.Batch noting(Progressions.Batch real) {
        return (Progressions.Batch)
                Proxy.newProxyInstance(
                        Progressions.class.getClassLoader(),
                        new Class<?>[] {Progressions.Batch.class},
                        (proxy, method, arguments) -> {
                            Object result = method.invoke(real, arguments);
                            if (result instanceof Map<?, ?> jobs) {
                                jobs.values().forEach(job -> read.add(((Job) job).pods().size()));
                            }
                            return result;
                        });
    }

    private Message pod(String uid, long guard, String phase, int exitCode) {
        PodSeen.Ended end =
                phase.equals("Running") ? null : new PodSeen.Ended(exitCode, "Error", "of " + uid);
        return new Message.PodObserved(
                id,
                new PodSeen(
                        uid,
                        uid,
                        guard,
                        1,
                        phase,
                        "",
                        "",
                        "node",
                        null,
                        false,
                        null,
                        true,
                        PodSeen.Told.NOTHING,
                        List.of(
                                new PodSeen.ContainerSeen(
                                        "main",
                                        "i",
                                        null,
                                        Instant.parse("2026-01-01T00:00:00Z"),
                                        end)),
                        new PodSeen.Owner("default", "uid-" + id)));
    }

    private Job stored() {
        return progressions.load(id).orElseThrow();
    }

    @Test
    void shouldReadFewPodsAndTellNothingTwice() {
        Job before = stored();
        assertThat(before.pods()).hasSize(PODS);
        inbox.handle(
                List.of(
                        pod("p7", 17, "Succeeded", 0),
                        pod("p100", 110, "Succeeded", 0),
                        complete(id, 5, false)));
        assertThat(stored()).isEqualTo(before);
        inbox.handle(List.of(pod("new", 500, "Running", 0)));
        inbox.handle(List.of(pod("new", 501, "Failed", 3)));
        assertThat(stored().pods()).hasSize(PODS + 1);
        assertThat(stored().version()).isEqualTo(before.version() + 2);
        assertThat(read).containsExactly(3, 1, 2);
    }

    @Test
    void shouldReadFewPodsOfThoseThatAreCancelled() {
        assertThat(new Wishes(noting(), decider).cancelAll(List.of(id), "tester")).hasSize(1);
        assertThat(stored().progress().desired().isRun()).isFalse();
        assertThat(read).containsExactly(1);
    }
}
