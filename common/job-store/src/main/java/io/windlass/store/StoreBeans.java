package io.windlass.store;

import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Secondary;
import io.windlass.log.LogObjects;
import jakarta.inject.Singleton;

@Factory
final class StoreBeans {
    @Singleton
    @Bean(preDestroy = "close")
    Database database(DatabaseSettings settings) {
        return new Database(settings);
    }

    @Singleton
    Submissions submissions(Database database) {
        return Submissions.on(database);
    }

    @Singleton
    Jobs jobs(Database database) {
        return new Jobs(database);
    }

    @Singleton
    Progressions progressions(Database database) {
        return Progressions.on(database);
    }

    @Singleton
    Checks checks(Database database) {
        return Checks.on(database);
    }

    @Singleton
    PostgresDrifts drifts(Database database) {
        return new PostgresDrifts(database);
    }

    @Singleton
    RowTroubles rowTroubles(Database database) {
        return new RowTroubles(database);
    }

    @Singleton
    JobEndings jobEndings(Database database) {
        return new JobEndings(database);
    }

    @Singleton
    Causes causes(Database database) {
        return new Causes(database);
    }

    @Singleton
    Schedules schedules(Database database) {
        return new Schedules(database);
    }

    @Singleton
    OutageBoard outageBoard(Database database) {
        return OutageBoard.on(database);
    }

    @Singleton
    EventFeed eventFeed(Database database) {
        return new EventFeed(database);
    }

    @Singleton
    Clusters clusters(Database database) {
        return new Clusters(database);
    }

    @Singleton
    Census census(Database database) {
        return new Census(database);
    }

    @Singleton
    Retention retention(Database database) {
        return new Retention(database);
    }

    @Singleton
    Installations installations(Database database) {
        return new Installations(database);
    }

    @Singleton
    Heartbeats heartbeats(Database database) {
        return Heartbeats.on(database);
    }

    @Singleton
    ClusterLosses clusterLosses(Database database) {
        return new ClusterLosses(database);
    }

    @Singleton
    LogClaims logClaims(Database database) {
        return new LogClaims(database);
    }

    @Singleton
    LogKeeping logKeeping(Database database) {
        return new LogKeeping(database);
    }

    @Singleton
    LogShelf logShelf(Database database) {
        return new LogShelf(database);
    }

    @Singleton
    LogAttic logAttic(Database database) {
        return new LogAttic(database);
    }

    /** Where no other store of objects is configured. */
    @Singleton
    @Secondary
    LogObjects logObjects(Database database) {
        return new PostgresLogObjects(database);
    }
}
