package io.windlass.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.job.Input;
import io.windlass.job.Job;
import io.windlass.job.JobId;
import io.windlass.log.Kept;
import io.windlass.log.LogObjects;
import io.windlass.log.LogReading;
import io.windlass.log.Loss;
import io.windlass.log.Piece;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogsTest extends OnPostgres {
    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final Duration OVER = Duration.ofMillis(-1);
    private static final LogClaims.ContainerOfPod MAIN =
            new LogClaims.ContainerOfPod("main", 0, false);

    private final LogClaims.Holder one =
            new LogClaims.Holder(UUID.randomUUID(), "http://one", LEASE);
    private final LogClaims.Holder two =
            new LogClaims.Holder(UUID.randomUUID(), "http://two", LEASE);
    private LogClaims claims;
    private LogKeeping keeping;
    private LogShelf shelf;
    private LogAttic attic;
    private LogObjects objects;

    @BeforeEach
    void openLogs() {
        claims = new LogClaims(database);
        keeping = new LogKeeping(database);
        shelf = new LogShelf(database);
        attic = new LogAttic(database);
        objects = new PostgresLogObjects(database);
    }

    private static LogClaims.PodOfJob pod(JobId job, String uid) {
        return new LogClaims.PodOfJob(job, uid, "local", "default", "pod-" + uid);
    }

    private LogClaims.OpenLog claimed(LogClaims.PodOfJob pod, LogClaims.Holder holder) {
        return ((LogClaims.Claim.Ours) claims.claim(pod, List.of(MAIN), holder)).logs().getFirst();
    }

    private static LogReading read(LogReading.State state, String text) {
        LogReading reading = LogReading.takenUp(state);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        reading.line(1_000 + state.bytes());
        reading.bytes(bytes, 0, bytes.length);
        return reading;
    }

    private Set<Long> store(
            long log, long expected, LogReading reading, LogClaims.Holder holder, boolean close) {
        Piece piece = reading.take();
        List<LogKeeping.NewPiece> pieces = List.of();
        if (piece.length() > 0) {
            String key = log + "/" + piece.from() + "-" + UUID.randomUUID();
            keeping.announce(List.of(key));
            objects.put(Map.of(key, piece.encoded()));
            pieces =
                    List.of(
                            new LogKeeping.NewPiece(
                                    piece.from(), piece.length(), 1, 1_000, 10, key));
        }
        return keeping.write(
                List.of(
                        new LogKeeping.Growth(
                                log,
                                expected,
                                reading.state(),
                                0,
                                0,
                                pieces,
                                List.of(),
                                close ? Optional.of(reading.sha256()) : Optional.empty())),
                holder);
    }

    @Test
    void shouldGoOnWhereAnotherLeftOffOnceThatOnesLeaseIsOver() {
        LogClaims.PodOfJob pod = pod(submit("one"), "a");
        LogClaims.OpenLog log = claimed(pod, one);
        LogReading reading = read(log.state(), "hello\n");
        assertThat(store(log.id(), 0, reading, one, false)).isEmpty();
        assertThat(claims.claim(pod, List.of(MAIN), two))
                .isInstanceOf(LogClaims.Claim.NotOurs.class);
        assertThat(claims.abandoned("local", 10)).isEmpty();
        claims.release(one);
        assertThat(claims.abandoned("local", 10)).containsExactly(pod);
        LogClaims.OpenLog again = claimed(pod, two);
        assertThat(again.state()).isEqualTo(reading.state());
        assertThat(again.pieces()).containsExactly(new Kept.Stretch(0, 6));
    }

    /** R4: whoever writes our labels on a pod of his own has no log of the job by that. */
    @Test
    void shouldNotFollowAPodThatOnlySaysWhoseItIs() {
        JobId id = submit("one");
        admissions.admit("local", ROOM);
        progressions.write(step(load(id), new Input.Created(seen(load(id)))));
        String its = load(id).progress().kubernetesUid();
        for (LogClaims.PodOfJob stranger :
                List.of(
                        new LogClaims.PodOfJob(id, "a", "local", "team-b", "p", its),
                        new LogClaims.PodOfJob(id, "a", "elsewhere", "default", "p", its),
                        new LogClaims.PodOfJob(id, "a", "local", "default", "p", ""),
                        new LogClaims.PodOfJob(id, "a", "local", "default", "p", "another"))) {
            assertThat(claims.claim(stranger, List.of(MAIN), one))
                    .isInstanceOf(LogClaims.Claim.NotOurs.class);
        }
        claimed(new LogClaims.PodOfJob(id, "a", "local", "default", "p", its), one);
    }

    @Test
    void shouldTakeNothingFromOneWhoWasTakenForDead() {
        LogClaims.PodOfJob pod = pod(submit("one"), "a");
        LogClaims.OpenLog log = claimed(pod, one);
        claims.renew(new LogClaims.Holder(one.id(), one.address(), OVER));
        claimed(pod, two);
        assertThat(store(log.id(), 0, read(log.state(), "late\n"), one, false))
                .containsExactly(log.id());
        assertThat(store(log.id(), 0, read(log.state(), "right\n"), two, false)).isEmpty();
        // the same bytes a second time
        assertThat(store(log.id(), 0, read(log.state(), "right\n"), two, false))
                .containsExactly(log.id());
        assertThat(shelf.find(log.id()).orElseThrow().bytes()).isEqualTo(6);
    }

    /** Whoever died between the object and the row, or was refused the row, leaves nothing. */
    @Test
    void shouldThrowAwayAnObjectThatNoPieceTellsOfAfterAWhile() {
        LogClaims.OpenLog log = claimed(pod(submit("one"), "a"), one);
        assertThat(store(log.id(), 0, read(log.state(), "late\n"), two, false))
                .containsExactly(log.id());
        assertThat(attic.garbage(10)).isEmpty();
        aWhilePasses();
        assertThat(attic.garbage(10)).hasSize(1);
    }

    @Test
    void shouldTakeNoPieceWhoseObjectIsBeingThrownAway() {
        LogClaims.OpenLog log = claimed(pod(submit("one"), "a"), one);
        LogReading reading = read(log.state(), "hello\n");
        keeping.announce(List.of("k"));
        aWhilePasses();
        assertThat(attic.garbage(10)).containsExactly("k");
        assertThat(
                        keeping.write(
                                List.of(
                                        new LogKeeping.Growth(
                                                log.id(),
                                                0,
                                                reading.state(),
                                                0,
                                                0,
                                                List.of(
                                                        new LogKeeping.NewPiece(
                                                                0, 6, 1, 1, 10, "k")),
                                                List.of(),
                                                Optional.empty())),
                                one))
                .containsExactly(log.id());
        assertThat(shelf.find(log.id()).orElseThrow().bytes()).isZero();
    }

    private void aWhilePasses() {
        database.inTransaction(handle ->
                handle.execute("update log_garbage set due_at = due_at - interval '2 hours'"));
    }

    @Test
    void shouldKeepAReceiptWithTheSumOfAllThatWasRead() {
        LogClaims.PodOfJob pod = pod(submit("one"), "a");
        LogClaims.OpenLog log = claimed(pod, one);
        LogReading reading = read(log.state(), "hello\n");
        reading.lost(Loss.Why.ROTATED, "rotated");
        assertThat(claims.closePod(pod, one)).isFalse();
        store(log.id(), 0, reading, one, true);
        LogShelf.StoredLog receipt = shelf.ofJob(pod.jobId()).getFirst();
        assertThat(receipt.closed()).isTrue();
        assertThat(receipt.sha256())
                .isEqualTo("5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03");
        assertThat(receipt.lines()).isEqualTo(1);
        assertThat(receipt.losses()).containsExactly(new Loss(6, Loss.Why.ROTATED, "rotated"));
        assertThat(receipt.liveAt()).isNull();
        assertThat(claims.closePod(pod, one)).isTrue();
        assertThat(claims.claim(pod, List.of(MAIN), two)).isInstanceOf(LogClaims.Claim.Done.class);
    }

    @Test
    void shouldNumberThePodsOfAJobAsTheyRan() {
        JobId job = submit("one");
        claimed(pod(job, "b"), one);
        claimed(pod(job, "a"), two);
        assertThat(shelf.ofJob(job))
                .extracting(LogShelf.StoredLog::podUid, LogShelf.StoredLog::nth)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("b", 1),
                        org.assertj.core.groups.Tuple.tuple("a", 2));
        assertThat(shelf.ofJob(job).getFirst().liveAt()).isEqualTo("http://one");
    }

    @Test
    void shouldFindThePieceForAnOffsetForATimeAndFromTheEnd() {
        LogClaims.OpenLog log = claimed(pod(submit("one"), "a"), one);
        LogReading.State state = log.state();
        for (int i = 0; i < 5; i++) {
            LogReading reading = read(state, "line " + i + "\n");
            Piece piece = reading.take();
            keeping.announce(List.of("k" + i));
            keeping.write(
                    List.of(
                            new LogKeeping.Growth(
                                    log.id(),
                                    state.bytes(),
                                    reading.state(),
                                    0,
                                    0,
                                    List.of(
                                            new LogKeeping.NewPiece(
                                                    piece.from(), 7, 1, 100 * i, 10, "k" + i)),
                                    List.of(),
                                    Optional.empty())),
                    one);
            state = reading.state();
        }
        assertThat(shelf.pieces(log.id(), 8, 2))
                .extracting(LogShelf.PieceAt::key)
                .containsExactly("k1", "k2");
        assertThat(shelf.firstAfter(log.id(), 150).orElseThrow().key()).isEqualTo("k2");
        assertThat(shelf.lastPieces(log.id(), 1))
                .extracting(LogShelf.PieceAt::key)
                .containsExactly("k4", "k3");
        assertThat(shelf.pieces(log.id(), 35, 2)).isEmpty();
    }

    @Test
    void shouldForgetTheOldestBeyondItsBoundsAndTheirObjectsAndKeepTheReceipts() {
        LogClaims.OpenLog old = closed("old");
        LogClaims.OpenLog young = closed("young");
        String key = key(old);
        assertThat(attic.dropOlderThan(Duration.ofDays(1), 10)).isZero();
        assertThat(attic.dropBeyond(10, 10)).isEqualTo(1);
        while (attic.deletePieces(10) > 0) {
            // until none is left
            continue;
        }
        assertThat(attic.garbage(10)).containsExactly(key);
        objects.delete(attic.garbage(10));
        attic.cleared(attic.garbage(10));
        assertThat(attic.garbage(10)).isEmpty();
        assertThat(objects.get(key)).isEmpty();
        assertThat(objects.get(key(young))).isPresent();
        assertThat(shelf.find(old.id()).orElseThrow().droppedAt()).isNotNull();
        assertThat(shelf.find(old.id()).orElseThrow().sha256()).isNotNull();
        assertThat(attic.dropOlderThan(Duration.ofSeconds(-1), 10)).isEqualTo(1);
        assertThat(attic.dropBeyond(0, 10)).isZero();
    }

    /** Finding P35e: one of millions of pieces took longer than a transaction may. */
    @Test
    void shouldThrowAwayALogOfManyPiecesAFewAtATime() {
        LogClaims.OpenLog log = closed("old");
        database.inTransaction(handle ->
                handle.createUpdate(
                                """
                                insert into log_piece (log_id, from_byte, bytes, lines, last_nanos, stored, object_key)
                                select :id, 1000 + n, 1, 1, 1, 1, n::text from generate_series(1, 24) n
                                """)
                        .bind("id", log.id())
                        .execute());
        assertThat(attic.dropOlderThan(Duration.ofDays(-1), 10)).isEqualTo(1);
        assertThat(shelf.find(log.id()).orElseThrow().droppedAt()).isNotNull();
        assertThat(shelf.pieces(log.id(), 0, 100)).hasSize(25);
        assertThat(attic.deletePieces(10)).isEqualTo(10);
        assertThat(shelf.pieces(log.id(), 0, 100)).hasSize(15);
        assertThat(attic.deletePieces(10)).isEqualTo(10);
        assertThat(attic.deletePieces(10)).as("with the last ones").isPositive();
        assertThat(shelf.pieces(log.id(), 0, 100)).isEmpty();
        assertThat(attic.deletePieces(10)).isZero();
        assertThat(attic.garbage(100)).hasSize(25);
    }

    private String key(LogClaims.OpenLog log) {
        return shelf.pieces(log.id(), 0, 1).getFirst().key();
    }

    private LogClaims.OpenLog closed(String name) {
        LogClaims.PodOfJob pod = pod(submit(name), name);
        LogClaims.OpenLog log = claimed(pod, one);
        store(log.id(), 0, read(log.state(), name + "\n"), one, true);
        claims.closePod(pod, one);
        return log;
    }

    @Test
    void shouldThrowAwayTheObjectsOfAJobThatIsDeleted() {
        Job job = succeeded();
        LogClaims.PodOfJob pod = pod(job.id(), "a");
        LogClaims.OpenLog log = claimed(pod, one);
        store(log.id(), 0, read(log.state(), "hello\n"), one, false);
        String key = key(log);
        assertThat(progressions.write(step(job, new Input.Deleted(true)))).isTrue();
        assertThat(new Retention(database).delete(List.of(job.id()))).isEqualTo(1);
        assertThat(attic.garbage(10)).containsExactly(key);
        assertThat(claims.claim(pod, List.of(MAIN), one))
                .isInstanceOf(LogClaims.Claim.NotOurs.class);
    }

    @Test
    void shouldSayThatLogsAreOpenUntilAllAreKeptWhereAGatewayIsThere() {
        Job job = succeeded();
        assertThat(load(job.id()).logsOpen()).isFalse();
        shelf.gatewayLives("local", "http://one", List.of());
        assertThat(load(job.id()).logsOpen()).isTrue();
        LogClaims.PodOfJob pod = pod(job.id(), "a");
        LogClaims.OpenLog log = claimed(pod, one);
        store(log.id(), 0, read(log.state(), "hello\n"), one, true);
        assertThat(load(job.id()).logsOpen()).isTrue();
        checks.lease("local", Duration.ofHours(1), 10);
        claims.closePod(pod, one);
        assertThat(load(job.id()).logsOpen()).isFalse();
        assertThat(load(job.id()).progress().nextCheckAt()).isBefore(Instant.now().plusSeconds(1));
    }

    @Test
    void shouldNameTheGatewaysThatGaveASignLately() {
        shelf.gatewayLives("local", "http://one", List.of());
        shelf.gatewayLives("other", "http://two", List.of());
        assertThat(shelf.gateways("local", LEASE)).containsExactly("http://one");
        assertThat(shelf.gateways("local", OVER)).isEmpty();
    }

    @Test
    void shouldNameTheNodesWithoutLogsThatGatewaysTellOf() {
        Instant at = Instant.parse("2026-11-26T10:00:00Z");
        LogShelf.NodeWithoutLogs a = new LogShelf.NodeWithoutLogs("a", "500: old", at);
        LogShelf.NodeWithoutLogs again =
                new LogShelf.NodeWithoutLogs("a", "500: tls", at.plusSeconds(5));
        LogShelf.NodeWithoutLogs b = new LogShelf.NodeWithoutLogs("b", "500: tls", at);
        shelf.gatewayLives("local", "http://one", List.of(a, b));
        shelf.gatewayLives("local", "http://two", List.of(again));
        shelf.gatewayLives("other", "http://three", List.of());
        assertThat(shelf.nodesWithoutLogs(LEASE))
                .containsExactly(
                        Map.entry(
                                "local",
                                List.of(new LogShelf.NodeWithoutLogs("a", "500: tls", at), b)));
        assertThat(shelf.nodesWithoutLogs(OVER)).isEmpty();
        shelf.gatewayLives("local", "http://one", List.of());
        assertThat(shelf.nodesWithoutLogs(LEASE).get("local")).containsExactly(again);
    }

    @Test
    void shouldTakeWhatIsPutTwiceOnceAndMissNothingThatIsNotThere() {
        objects.put(Map.of("a", new byte[] {1}, "b", new byte[] {2}));
        objects.put(Map.of("a", new byte[] {3}));
        assertThat(objects.get("a").orElseThrow()).containsExactly(3);
        objects.delete(List.of("a", "none"));
        assertThat(objects.get("a")).isEmpty();
        assertThat(objects.get("b")).isPresent();
    }
}
