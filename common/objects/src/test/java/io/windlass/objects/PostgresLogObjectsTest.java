package io.windlass.objects;

import io.windlass.log.LogObjects;
import io.windlass.migrations.Migrations;
import io.windlass.store.Database;
import io.windlass.store.DatabaseSettings;
import io.windlass.store.PostgresLogObjects;
import io.windlass.testing.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PostgresLogObjectsTest extends LogObjectsContract {
    private static Database database;

    @BeforeAll
    static void open() {
        TestDatabase test = TestDatabase.create();
        Migrations.apply(test.dataSource());
        database =
                new Database(
                        new DatabaseSettings(
                                test.url(),
                                test.user(),
                                test.password(),
                                2,
                                Duration.ofSeconds(5)));
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Override
    LogObjects objects() {
        return new PostgresLogObjects(database);
    }
}
