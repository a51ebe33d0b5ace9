package io.windlass.schedules;

import io.windlass.job.Decider;
import io.windlass.job.JobId;
import io.windlass.job.PodPolicies;
import io.windlass.job.Rules;
import io.windlass.migrations.Migrations;
import io.windlass.schedule.Accountant;
import io.windlass.schedule.CatchUp;
import io.windlass.schedule.Concurrency;
import io.windlass.schedule.Schedule;
import io.windlass.schedule.ScheduleReader;
import io.windlass.schedule.ScheduleTree;
import io.windlass.schedule.Zones;
import io.windlass.store.Clerk;
import io.windlass.store.Database;
import io.windlass.store.DatabaseSettings;
import io.windlass.store.Ledger;
import io.windlass.store.Schedules;
import io.windlass.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Schedules on a real PostgreSQL, and a clock that the test owns. */
abstract class OnPostgres {
    private static final Decider DECIDER = new Decider(Rules.DEFAULT, UUID.randomUUID());

    final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final List<Database> databases = new ArrayList<>();
    private final AtomicLong millis = new AtomicLong(1_800_000_000_000L);
    private TestDatabase test;
    Schedules schedules;

    @BeforeEach
    void open() {
        test = TestDatabase.migrated(Migrations::apply);
        schedules = new Schedules(database());
    }

    @AfterEach
    void close() {
        databases.forEach(Database::close);
        test.close();
    }

    private Database database() {
        Database database = new Database(test.settings(DatabaseSettings::new));
        databases.add(database);
        return database;
    }

    /** As one process has it: connections of its own. */
    final class Replica {
        final Ledger ledger = Ledger.simulated(database(), DECIDER, now::get);
        private final Random random = new Random(databases.size());
        private final Clerk clerk =
                new Clerk(
                        new Accountant(new Accountant.Rules(Duration.ofSeconds(30), 100)),
                        Zones.ofJdk(),
                        PodPolicies.STANDARD,
                        at -> JobId.at(millis.getAndIncrement(), random));

        /** Until nothing is due; how many jobs were made. */
        int account() {
            return account(200, () -> {});
        }

        /**
         * So many schedules at a time.
         *
         * @param inside is called for each of them, while it is locked
         */
        int account(int perRound, Runnable inside) {
            int made = 0;
            while (isDue()) {
                Ledger.Accounting accounting = clerk.withRoomFor(1_000);
                made +=
                        ledger.account(
                                        perRound,
                                        (due, at) -> {
                                            inside.run();
                                            return accounting.of(due, at);
                                        })
                                .made()
                                .size();
            }
            return made;
        }

        private boolean isDue() {
            return ledger.untilNextDue().filter(rest -> !rest.isPositive()).isPresent();
        }
    }

    /** One that is accounted for up to an instant. */
    UUID create(Schedule schedule, Instant accountedUntil) throws SQLException {
        UUID id = UUID.randomUUID();
        schedules.create(
                new Schedules.NewSchedule(
                        id,
                        schedule.namespace(),
                        schedule.name(),
                        "local",
                        null,
                        ScheduleTree.of(schedule),
                        schedule.labels(),
                        schedule.paused(),
                        "tester"));
        execute(
                "update schedule set accounted_until = '%1$s', next_due = '%1$s' where id = '%2$s'"
                        .formatted(accountedUntil, id));
        return id;
    }

    static Schedule schedule(
            String name, Schedule.When when, CatchUp catchUp, Concurrency concurrency) {
        Map<String, Object> tree = new HashMap<>();
        tree.put("name", name);
        tree.put("every", "1h");
        tree.put("job", Map.of("image", "busybox:1.36"));
        Schedule usual =
                switch (ScheduleReader.read(tree, "local", Zones.ofJdk())) {
                    case ScheduleReader.Result.Read read -> read.schedule();
                    case ScheduleReader.Result.Wrong wrong -> throw new AssertionError(wrong);
                };
        return new Schedule(
                usual.namespace(),
                name,
                when,
                false,
                concurrency,
                null,
                catchUp,
                usual.keep(),
                Map.of(),
                usual.job());
    }

    final void execute(String sql) throws SQLException {
        try (Connection connection = test.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    final List<Instant> instants(String sql) throws SQLException {
        try (Connection connection = test.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<Instant> out = new ArrayList<>();
            while (rows.next()) {
                out.add(rows.getObject(1, OffsetDateTime.class).toInstant());
            }
            return out;
        }
    }
}
