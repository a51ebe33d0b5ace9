package io.windlass.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Many send batches without a pause, and one beside them. */
class BatchPlacesTest {
    private static final int WAITING_OF_EACH = 20;
    private static final List<String> HOSTILE = List.of("a", "b", "c");

    private final List<CompletableFuture<String>> all = new ArrayList<>();
    private final Semaphore mayEnd = new Semaphore(0);
    private final AtomicInteger begun = new AtomicInteger();

    /** Until it may end. */
    private CompletableFuture<String> work(BatchPlaces places, String who) {
        CompletableFuture<String> done = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(() ->
                        done.complete(
                                places.with(
                                        who,
                                        () -> {
                                            begun.incrementAndGet();
                                            mayEnd.acquireUninterruptibly();
                                            return who;
                                        })));
        all.add(done);
        return done;
    }

    private void fill(BatchPlaces places) {
        for (int i = 0; i < BatchPlaces.PLACES; i++) {
            work(places, HOSTILE.get(i % HOSTILE.size()));
        }
        Awaitility.await().until(() -> begun.get() == BatchPlaces.PLACES);
    }

    private void end() {
        mayEnd.release(all.size());
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
    }

    /** Nobody else waited when they took all places; the next that is free is the fourth's. */
    @Test
    void shouldStoreTheBatchOfAFourthBesideThreeThatSendWithoutAPause() {
        BatchPlaces places = new BatchPlaces(Duration.ofMinutes(1));
        fill(places);
        for (int i = 0; i < WAITING_OF_EACH; i++) {
            HOSTILE.forEach(who -> work(places, who));
        }
        int hostile = HOSTILE.size() * WAITING_OF_EACH;
        Awaitility.await().until(() -> places.waiting() == hostile);
        CompletableFuture<String> other = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> other.complete(places.with("other", () -> "stored")));
        Awaitility.await().until(() -> places.waiting() == hostile + 1);
        mayEnd.release();
        assertThat(other.join()).isEqualTo("stored");
        assertThat(begun).as("nobody else has come in between").hasValue(BatchPlaces.PLACES);
        end();
    }

    @Test
    void shouldTellWhoHasWaitedLongToComeAgain() {
        BatchPlaces impatient = new BatchPlaces(Duration.ofMillis(20));
        for (int i = 0; i < BatchPlaces.PLACES; i++) {
            work(impatient, "a");
            int begunSoFar = i + 1;
            Awaitility.await().until(() -> begun.get() == begunSoFar);
        }
        assertThatThrownBy(() -> impatient.with("b", () -> 1))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem()).isEqualTo(Problem.NO_PLACE));
        assertThat(impatient.waiting()).isZero();
        end();
        assertThat(impatient.with("b", () -> 1)).isEqualTo(1);
    }

    @Test
    void shouldGiveBackThePlaceOfWorkThatFails() {
        BatchPlaces places = new BatchPlaces(Duration.ofSeconds(2));
        for (int i = 0; i < 2 * BatchPlaces.PLACES; i++) {
            assertThatThrownBy(() ->
                            places.with(
                                    "a",
                                    () -> {
                                        throw new IllegalStateException("of a test");
                                    }))
                    .hasMessage("of a test");
        }
    }

    @Test
    void shouldCountACallWithoutANamespaceAsOneOfItsOwn() {
        assertThat(BatchPlaces.of(List.of(), "call 1")).isEqualTo("call 1");
        assertThat(BatchPlaces.call()).isNotEqualTo(BatchPlaces.call());
    }
}
