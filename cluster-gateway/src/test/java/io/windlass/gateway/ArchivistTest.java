package io.windlass.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.windlass.job.JobId;
import io.windlass.job.JobSpec;
import io.windlass.job.JobSpecReader;
import io.windlass.job.JobSpecTree;
import io.windlass.json.Json;
import io.windlass.log.LogObjects;
import io.windlass.log.Loss;
import io.windlass.log.Piece;
import io.windlass.log.StampedLines;
import io.windlass.messages.Installation;
import io.windlass.migrations.Migrations;
import io.windlass.service.Loops;
import io.windlass.store.Database;
import io.windlass.store.DatabaseSettings;
import io.windlass.store.LogClaims;
import io.windlass.store.LogKeeping;
import io.windlass.store.LogShelf;
import io.windlass.store.NewJob;
import io.windlass.store.PostgresLogObjects;
import io.windlass.store.Submissions;
import io.windlass.testing.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two gateways at one log, as it happens where one of them is slow. */
class ArchivistTest {
    private static final LogSettings SETTINGS = ContainerFollowTest.SETTINGS;
    private static final LogClaims.ContainerOfPod MAIN =
            new LogClaims.ContainerOfPod("main", 0, false);

    private final Installation installation =
            new Installation(UUID.randomUUID(), "a key of some length", List.of());
    private Database database;
    private TestDatabase test;
    private LogClaims claims;
    private LogClaims.PodOfJob pod;
    private Gateway gateway;

    @BeforeEach
    void open() {
        test = TestDatabase.migrated(Migrations::apply);
        database = new Database(test.settings(DatabaseSettings::new));
        claims = new LogClaims(database);
    }

    @AfterEach
    void close() {
        database.close();
        test.close();
    }

    /** A gateway with a lease of this length. */
    private final class Gateway {
        private final LogClaims.Holder holder;
        private final Archivist archivist;
        private final LiveLog live;

        Gateway(Duration lease) {
            this(lease, new PostgresLogObjects(database));
        }

        Gateway(Duration lease, LogObjects objects) {
            holder = new LogClaims.Holder(UUID.randomUUID(), "http://one", lease);
            archivist =
                    new Archivist(
                            new LogKeeping(database),
                            objects,
                            holder,
                            installation,
                            new Loops(),
                            new SimpleMeterRegistry());
            LogClaims.Claim.Ours ours =
                    (LogClaims.Claim.Ours) claims.claim(pod, List.of(MAIN), holder);
            live = new LiveLog(ours.logs().getFirst(), SETTINGS, () -> {});
            archivist.keep(live, () -> {});
        }

        void reads(String lines) throws Exception {
            feed(live, lines);
        }
    }

    private static void feed(LiveLog log, String lines) throws Exception {
        byte[] bytes = lines.getBytes(StandardCharsets.UTF_8);
        log.feed(log.newReader(), new StampedLines(log.sink()), bytes, bytes.length);
    }

    @Test
    @Tag("slow")
    void shouldLeaveAloneWhatAnotherHasStoredOfTheSameLog() throws Exception {
        pod = new LogClaims.PodOfJob(job(), "uid", "local", "default", "pod");
        Gateway slow = new Gateway(Duration.ofMillis(-1));
        slow.reads("2026-01-01T00:00:00Z one\n");
        Gateway other = new Gateway(Duration.ofMinutes(1));
        other.reads("2026-01-01T00:00:00Z one\n2026-01-01T00:00:01Z two\n");
        other.archivist.storeAll();
        slow.archivist.storeAll();
        assertThat(slow.live.lost()).isTrue();
        assertThat(stored(other.live.id())).isEqualTo("one\ntwo\n");
    }

    @Test
    void shouldLeaveNothingBehindWhereTheStoreOfObjectsWasAway() throws Exception {
        pod = new LogClaims.PodOfJob(job(), "uid", "local", "default", "pod");
        AtomicInteger away = new AtomicInteger(3);
        LogObjects real = new PostgresLogObjects(database);
        LogObjects objects =
                new RealObjects(real) {
                    @Override
                    public void put(Map<String, byte[]> puts) {
                        real.put(puts);
                        if (away.getAndDecrement() > 0) {
                            throw new AwayException("no answer came", new IOException());
                        }
                    }
                };
        gateway = new Gateway(Duration.ofMinutes(1), objects);
        gateway.reads("2026-01-01T00:00:00Z one\n");
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(gateway.archivist::storeAll)
                    .isInstanceOf(LogObjects.AwayException.class);
        }
        gateway.archivist.storeAll();
        assertThat(stored(gateway.live.id())).isEqualTo("one\n");
        assertThat(count("log_garbage")).isZero();
        assertThat(count("log_object")).isEqualTo(1);
    }

    @Test
    void shouldStoreEachInItsTurnHoweverMuchSomeWrite() throws Exception {
        pod = new LogClaims.PodOfJob(job(), "uid", "local", "default", "pod");
        gateway = new Gateway(Duration.ofMinutes(1));
        List<LogClaims.ContainerOfPod> many =
                IntStream.range(1, 200)
                        .mapToObj(i -> new LogClaims.ContainerOfPod("c" + i, i, false))
                        .toList();
        List<LiveLog> all =
                ((LogClaims.Claim.Ours) claims.claim(pod, many, gateway.holder))
                        .logs().stream().map(log -> new LiveLog(log, SETTINGS, () -> {})).toList();
        all.forEach(log -> gateway.archivist.keep(log, () -> {}));
        for (int round = 0; round < 4; round++) {
            for (LiveLog log : all) {
                writeMuch(log);
            }
            gateway.archivist.runOnce();
        }
        assertThat(count("log where bytes > 0")).isEqualTo(all.size());
    }

    /**
     * Finding L3: what a node said instead of a log goes into a JSON column, which takes no NUL.
     */
    @Test
    void shouldStoreTheOthersBesideOneWhoseLossCannotBeWritten() throws Exception {
        List<LiveLog> logs = threeLogs(new PostgresLogObjects(database));
        logs.getFirst().lost(Loss.Why.UNREADABLE, "its node said \0" + "x".repeat(100_000));
        othersAreStored(logs);
        assertThat(stored(logs.getFirst().id())).as("it too").isEqualTo("one\n");
        assertThat(count("log where length(losses::text) between 100 and 1000")).isEqualTo(1);
    }

    @Test
    void shouldStoreTheOthersBesideOneWhoseRowRefusesToGrow() throws Exception {
        List<LiveLog> logs = threeLogs(new PostgresLogObjects(database));
        database.inTransaction(handle -> {
            handle.execute(
                    "create function refuse() returns trigger language plpgsql as"
                            + " 'begin raise exception ''this row cannot be written''; end'");
            handle.execute(
                    "create trigger refuse before update on log for each row when (old.id = "
                            + logs.getFirst().id()
                            + ") execute function refuse()");
        });
        othersAreStored(logs);
    }

    /** Finding L3: the same, where the store of objects refuses one of them for ever. */
    @Test
    void shouldStoreTheOthersBesideOneThatTheStoreOfObjectsRefuses() throws Exception {
        LogObjects real = new PostgresLogObjects(database);
        String[] refused = {""};
        LogObjects objects =
                new RealObjects(real) {
                    @Override
                    public void put(Map<String, byte[]> puts) {
                        if (puts.keySet().stream().anyMatch(key -> key.contains(refused[0]))) {
                            throw new IllegalStateException("this object is refused, in a test");
                        }
                        real.put(puts);
                    }
                };
        List<LiveLog> logs = threeLogs(objects);
        refused[0] = "/" + logs.getFirst().id() + "/";
        othersAreStored(logs);
    }

    /** Set aside in its row: another gateway does not try it before its time either. */
    @Test
    void shouldLetOneRestThatCannotBeStoredAndStoreItOnceItCan() throws Exception {
        LogObjects real = new PostgresLogObjects(database);
        String[] refused = {"none"};
        AtomicInteger tries = new AtomicInteger();
        LogObjects objects =
                new RealObjects(real) {
                    @Override
                    public void put(Map<String, byte[]> puts) {
                        if (puts.keySet().stream().anyMatch(key -> key.contains(refused[0]))) {
                            tries.incrementAndGet();
                            throw new IllegalStateException("this object is refused, in a test");
                        }
                        real.put(puts);
                    }
                };
        List<LiveLog> logs = threeLogs(objects);
        long bad = logs.getFirst().id();
        refused[0] = "/" + bad + "/";
        othersAreStored(logs);
        int before = tries.get();
        gateway.archivist.runOnce();
        assertThat(tries).as("it rests").hasValue(before);
        LogClaims.OpenLog found =
                ((LogClaims.Claim.Ours) claims.claim(pod, List.of(), gateway.holder))
                        .logs().stream().filter(log -> log.id() == bad).findFirst().orElseThrow();
        assertThat(found.setAside()).isPositive();
        assertThat(found.rest()).isBetween(Duration.ofSeconds(30), Duration.ofMinutes(5));
        LiveLog again = new LiveLog(found, SETTINGS, () -> {});
        assertThat(again.setAside().rests()).as("after a restart").isTrue();
        refused[0] = "none";
        gateway.archivist.storeAll();
        assertThat(stored(bad)).isEqualTo("one\n");
        assertThat(count("log where set_aside_tries > 0")).isZero();
        assertThat(logs.getFirst().setAside().rests()).isFalse();
    }

    private List<LiveLog> threeLogs(LogObjects objects) throws Exception {
        pod = new LogClaims.PodOfJob(job(), "uid", "local", "default", "pod");
        gateway = new Gateway(Duration.ofMinutes(1), objects);
        List<LogClaims.ContainerOfPod> containers =
                IntStream.range(1, 4)
                        .mapToObj(i -> new LogClaims.ContainerOfPod("c" + i, i, false))
                        .toList();
        List<LiveLog> logs =
                ((LogClaims.Claim.Ours) claims.claim(pod, containers, gateway.holder))
                        .logs().stream().map(log -> new LiveLog(log, SETTINGS, () -> {})).toList();
        for (LiveLog log : logs) {
            gateway.archivist.keep(log, () -> {});
            feed(log, "2026-01-01T00:00:00Z one\n");
        }
        return logs;
    }

    private void othersAreStored(List<LiveLog> logs) throws Exception {
        for (int i = 0; i < 3; i++) {
            try {
                gateway.archivist.storeAll();
            } catch (RuntimeException e) {
                // as its loop does it: the next round comes
                System.out.println("[windlass tests] a round failed: " + e);
            }
        }
        for (LiveLog log : logs.subList(1, logs.size())) {
            assertThat(stored(log.id())).as("beside one that is spoiled").isEqualTo("one\n");
        }
    }

    private static void writeMuch(LiveLog log) throws Exception {
        if (log.position() == null || log.due(true).isEmpty()) {
            feed(log, "2026-01-01T00:00:00Z " + "x".repeat(2 * SETTINGS.piece()) + "\n");
        }
    }

    private int count(String table) {
        return database.statement(handle ->
                handle.createQuery("select count(*) from " + table).mapTo(Integer.class).one());
    }

    private JobId job() {
        JobId id = JobId.at(System.currentTimeMillis(), new Random(7));
        var read = JobSpecReader.read(Map.of("name", "a", "image", "busybox:1.36"), "local");
        JobSpec spec = ((JobSpecReader.Result.Read) read).spec();
        String json = Json.canonical(JobSpecTree.of(spec));
        Submissions.on(database)
                .store(
                        List.of(
                                new NewJob(
                                        id, spec, json, "hash", "tester", null, null, null, null)));
        return id;
    }

    private String stored(long log) throws Exception {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        PostgresLogObjects objects = new PostgresLogObjects(database);
        for (LogShelf.PieceAt at : new LogShelf(database).pieces(log, 0, 100)) {
            all.writeBytes(Piece.decoded(objects.get(at.key()).orElseThrow()).content());
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    /** The real store; a test says what is different of {@code put}. */
    private abstract static class RealObjects implements LogObjects {
        private final LogObjects real;

        RealObjects(LogObjects real) {
            this.real = real;
        }

        @Override
        public Optional<byte[]> get(String key) {
            return real.get(key);
        }

        @Override
        public void delete(Collection<String> keys) {
            real.delete(keys);
        }
    }
}
