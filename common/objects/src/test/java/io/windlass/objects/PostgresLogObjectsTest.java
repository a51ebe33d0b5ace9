package io.windlass.objects;

import io.windlass.log.LogObjects;
import io.windlass.migrations.Migrations;
import io.windlass.store.Database;
import io.windlass.store.DatabaseSettings;
import io.windlass.store.PostgresLogObjects;
import io.windlass.testing.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PostgresLogObjectsTest extends LogObjectsContract {
    private static Database database;
    private static TestDatabase test;

    @BeforeAll
    static void open() {
        test = TestDatabase.migrated(Migrations::apply);
        database = new Database(test.settings(DatabaseSettings::new));
    }

    @AfterAll
    static void close() {
        database.close();
        test.close();
    }

    @Override
    LogObjects objects() {
        return new PostgresLogObjects(database);
    }
}
