package io.windlass.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.windlass.log.LogReading;
import io.windlass.log.Loss;
import io.windlass.log.Piece;
import io.windlass.store.LogClaims;
import io.windlass.testing.KubeletFile;
import io.windlass.testing.TestSize;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What one container writes, read from a node that breaks off wherever it likes. */
class ContainerFollowTest {
    static final LogSettings SETTINGS =
            new LogSettings(
                    1 << 20,
                    1 << 20,
                    Duration.ofDays(1),
                    1 << 30,
                    1024,
                    Duration.ofMillis(50),
                    Duration.ofSeconds(3));

    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private List<Loss> losses = List.of();

    private LiveLog live() {
        return new LiveLog(
                new LogClaims.OpenLog(1, "main", LogReading.begun().state(), false, List.of()),
                SETTINGS,
                () -> {});
    }

    private static Sight sight(boolean ended) {
        return new Sight("main", 0, false, 0, true, Instant.now(), ended, false);
    }

    private static ContainerFollow follow(ScriptedNode node, LiveLog live) {
        return new ContainerFollow(
                node, "default", "pod", sight(false), live, SETTINGS.giveUp(), false);
    }

    /** As the archivist does it. */
    private void store(LiveLog live) {
        live.due(true)
                .ifPresent(flush -> {
                    for (Piece piece : flush.pieces()) {
                        assertThat(piece.from()).isEqualTo(kept.size());
                        kept.writeBytes(piece.content());
                    }
                    losses = flush.state().losses();
                    live.stored(flush);
                });
    }

    private void awaitClosed(LiveLog live) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> {
                    store(live);
                    return live.closed();
                });
    }

    private String text() {
        return kept.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldReadEveryByteOnceHoweverOftenItIsBrokenOff() {
        for (int seed = 0; seed < 40; seed++) {
            readEveryByteOnce(seed);
        }
    }

    /**
     * Finding L2: the last line has more segments than are asked for at the end, and what comes
     * from its second on begins with the rest of another line, which has no time.
     */
    @Test
    @Tag("finding")
    @Tag("L2")
    void shouldReadToItsEndAVeryLongLineAfterOneThatLayAcrossASecond() {
        ScriptedNode node = new ScriptedNode(7);
        LiveLog live = live();
        node.hang();
        long begin = 1_790_000_000_500_000_000L;
        long later = begin + 2_000_000_000L;
        String across = "y".repeat(KubeletFile.READ_AT_ONCE + 1_000);
        String last = "z".repeat(30 * KubeletFile.LONGEST_SEGMENT) + "\n";
        node.file().write(begin, across);
        node.file().write(later, "end\n");
        node.file().write(later + 200_000_000, last);
        ContainerFollow follow = follow(node, live);
        follow.start();
        node.end();
        Awaitility.await()
                .until(() -> {
                    store(live);
                    return live.bytes() == across.length() + 4 + last.length();
                });
        follow.seen(sight(true), true, false);
        awaitClosed(live);
        assertThat(text()).isEqualTo(across + "end\n" + last);
        assertThat(losses).as("every byte was read").isEmpty();
    }

    private void readEveryByteOnce(int seed) {
        kept.reset();
        losses = List.of();
        Random random = new Random(seed);
        ScriptedNode node = new ScriptedNode(seed);
        LiveLog live = live();
        ContainerFollow follow = follow(node, live);
        StringBuilder wrote = new StringBuilder(node.write(random.nextInt(30)));
        follow.start();
        for (int i = 0; i < 5; i++) {
            store(live);
            wrote.append(node.write(random.nextInt(30)));
        }
        node.end();
        follow.seen(sight(true), true, false);
        awaitClosed(live);
        assertThat(losses).as("seed " + seed).isEmpty();
        assertThat(text()).as("seed " + seed).isEqualTo(wrote.toString());
    }

    @Test
    void shouldTellWhatItsNodeHadRotatedAway() {
        ScriptedNode node = new ScriptedNode(1);
        LiveLog live = live();
        String first = node.write(20);
        node.end();
        ContainerFollow before = follow(node, live);
        before.start();
        Awaitility.await().until(() -> live.bytes() == first.length());
        before.stop();
        node.write(50);
        node.rotate(10);
        ContainerFollow after = follow(node, live);
        after.start();
        after.seen(sight(true), true, false);
        awaitClosed(live);
        assertThat(losses).extracting(Loss::why).containsExactly(Loss.Why.ROTATED);
        assertThat(text()).startsWith(first).contains("line 69 ").doesNotContain("line 30 ");
    }

    @Test
    void shouldSayThatThePodWentWhereItWasNotReadToItsEnd() {
        ScriptedNode node = new ScriptedNode(3);
        LiveLog live = live();
        node.podGoes();
        ContainerFollow follow = follow(node, live);
        follow.start();
        follow.seen(sight(true), true, true);
        awaitClosed(live);
        assertThat(losses).extracting(Loss::why).containsExactly(Loss.Why.POD_GONE);
    }

    @Test
    void shouldCloseAtOnceWhatANodeWithoutLogsDoesNotGive() {
        ScriptedNode node = new ScriptedNode(8);
        LiveLog live = live();
        node.refuse(true);
        ContainerFollow follow = follow(node, live);
        follow.start();
        Instant ended = Instant.now();
        follow.seen(sight(true), true, false);
        awaitClosed(live);
        assertThat(Duration.between(ended, Instant.now())).isLessThan(SETTINGS.giveUp());
        assertThat(node.opened()).as("asked once, at its end").isEqualTo(1);
        assertThat(losses)
                .extracting(Loss::why, Loss::message)
                .containsExactly(tuple(Loss.Why.UNREADABLE, "node n gives no logs: 500"));
    }

    @Test
    void shouldReadWhatANodeGivesAfterAllThatWasKnownToGiveNone() {
        ScriptedNode node = new ScriptedNode(9);
        LiveLog live = live();
        node.refuse(true);
        String wrote = node.write(20);
        ContainerFollow follow = follow(node, live);
        follow.start();
        node.give();
        node.end();
        follow.seen(sight(true), true, false);
        awaitClosed(live);
        assertThat(losses).isEmpty();
        assertThat(text()).isEqualTo(wrote);
    }

    @Test
    void shouldAskAgainUntilItGivesUpWhereANodeOnlyRefusesForNow() {
        ScriptedNode node = new ScriptedNode(10);
        LiveLog live = live();
        node.refuse(false);
        String wrote = node.write(20);
        ContainerFollow follow = follow(node, live);
        follow.start();
        node.end();
        follow.seen(sight(true), true, false);
        Awaitility.await().until(() -> node.opened() > 3);
        node.give();
        awaitClosed(live);
        assertThat(losses).isEmpty();
        assertThat(text()).isEqualTo(wrote);
    }

    @Test
    void shouldNotWaitForANodeThatHangsOnceTheEndIsRead() {
        ScriptedNode node = new ScriptedNode(4);
        LiveLog live = live();
        node.hang();
        String wrote = node.write(20);
        ContainerFollow follow = follow(node, live);
        follow.start();
        Awaitility.await().until(() -> live.bytes() == wrote.length());
        node.end();
        Instant begun = Instant.now();
        follow.seen(sight(true), true, false);
        awaitClosed(live);
        assertThat(text()).isEqualTo(wrote);
        Duration took = Duration.between(begun, Instant.now());
        System.out.printf(
                "[windlass tests] a node that hangs at the end of a log: %d ms%n", took.toMillis());
        assertThat(took).isLessThan(Duration.ofSeconds(TestSize.of(25, 5)));
    }

    @Test
    void shouldLetWhoFeedsWaitWhereTheStoreIsSlow() {
        ScriptedNode node = new ScriptedNode(5);
        LiveLog live = live();
        node.hang();
        String wrote = node.write(4_000);
        ContainerFollow follow = follow(node, live);
        follow.start();
        Awaitility.await().until(() -> live.bytes() > 2L * SETTINGS.piece());
        long most = 2L * SETTINGS.piece() + (32 << 10);
        assertThat(live.inMemory()).isLessThanOrEqualTo(most);
        node.end();
        follow.seen(sight(true), true, false);
        awaitClosed(live);
        assertThat(text()).isEqualTo(wrote);
    }

    @Test
    void shouldStopWhereAnotherHasTakenOver() {
        ScriptedNode node = new ScriptedNode(6);
        LiveLog live = live();
        node.hang();
        node.write(5);
        ContainerFollow follow = follow(node, live);
        follow.start();
        Awaitility.await().until(() -> live.bytes() > 0);
        live.takenOver();
        follow.seen(sight(true), true, false);
        int opened = node.opened();
        assertThat(live.due(true)).isEmpty();
        assertThat(live.closed()).isFalse();
        Awaitility.await()
                .during(Duration.ofMillis(300))
                .atMost(Duration.ofSeconds(2))
                .until(() -> node.opened() == opened);
    }
}
