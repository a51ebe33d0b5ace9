package io.windlass.e2e.neighbour;

import io.windlass.harness.Api;
import io.windlass.harness.Stack;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A client as each should be: it sends again, with the same key and to the other server, what was
 * answered 503 or 429 or not at all. Every other answer but the right one is a violation.
 */
final class PatientClient {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Stack stack;
    private final Duration patience;
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger sentAgain = new AtomicInteger();
    private final ConcurrentLinkedQueue<String> violations = new ConcurrentLinkedQueue<>();

    PatientClient(Stack stack, Duration patience) {
        this.stack = stack;
        this.patience = patience;
    }

    /** The first answer that is one; nothing where a violation is noted instead. */
    Optional<Map<String, Object>> call(
            String method, String path, @Nullable Object body, String... headers)
            throws InterruptedException {
        long until = System.nanoTime() + patience.toNanos();
        String last = "nothing";
        while (System.nanoTime() < until) {
            try {
                Api.Answer answer = api().call(method, path, body, headers);
                if (answer.status() / 100 == 2) {
                    return Optional.of(answer.body());
                }
                last = "%d %.300s".formatted(answer.status(), answer.body());
                if (!mayBeSentAgain(answer.status())) {
                    violation("%s %s was answered %s".formatted(method, path, last));
                    return Optional.empty();
                }
            } catch (IOException e) {
                last = e.toString();
            }
            sentAgain.incrementAndGet();
            Pace.await(PAUSE);
        }
        violation(
                "%s %s had no answer for %s; the last was %s"
                        .formatted(method, path, patience, last));
        return Optional.empty();
    }

    static boolean mayBeSentAgain(int status) {
        return status == 503 || status == 429;
    }

    /** Now the one and now the other, as behind a Service. */
    Api api() {
        return stack.api(calls.getAndIncrement() % stack.services("web-server").size());
    }

    Stack stack() {
        return stack;
    }

    Duration patience() {
        return patience;
    }

    void violation(String what) {
        violations.add(what);
    }

    List<String> violations() {
        return List.copyOf(violations);
    }

    int sentAgain() {
        return sentAgain.get();
    }
}
