package io.windlass.simulator;

import io.windlass.migrations.Migrations;
import io.windlass.store.Checks;
import io.windlass.store.Database;
import io.windlass.store.DatabaseSettings;
import io.windlass.store.EventFeed;
import io.windlass.store.Heartbeats;
import io.windlass.store.Progressions;
import io.windlass.store.Sequencing;
import io.windlass.store.Submissions;
import io.windlass.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class PostgresStoreTest extends StoreConformance {
    private Database database;
    private TestDatabase test;

    @BeforeEach
    void open() {
        test = TestDatabase.migrated(Migrations::apply);
        database = new Database(test.settings(DatabaseSettings::new));
    }

    @AfterEach
    void close() {
        database.close();
        test.close();
    }

    @Override
    Progressions progressions() {
        return Progressions.on(database);
    }

    @Override
    Checks checks() {
        return Checks.on(database);
    }

    @Override
    Submissions submissions() {
        return Submissions.on(database);
    }

    @Override
    Heartbeats heartbeats() {
        return Heartbeats.on(database);
    }

    @Override
    void declareLost() {
        database.inTransaction(handle -> {
            handle.execute(
                    "insert into cluster_lost (cluster, identity, declared_by, heard_at)"
                            + " select name, identity, 'tester', heartbeat_at from cluster");
            handle.execute(
                    "update job_state set cluster_identity = c.identity from cluster c where cluster_identity is null");
        });
    }

    @Override
    Sequencing sequencing() {
        return new EventFeed(database);
    }

    /** It is the server's clock, so there is nothing to do but to wait for it. */
    @Override
    void pass(Duration time) {
        Instant until = checks().now().plus(time);
        Awaitility.await().until(() -> checks().now().isAfter(until));
    }
}
