package io.windlass.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Properties;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.HandleConsumer;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Transactions on PostgreSQL, never more at once than connections. */
public final class Database implements AutoCloseable {
    // a frozen process must hold nobody up
    private static final String SESSION =
            "-c transaction_timeout=10s -c idle_in_transaction_session_timeout=5s";

    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final Duration BETWEEN_WARNINGS = Duration.ofSeconds(5);
    private static final String WRITABLE =
            "select not pg_is_in_recovery() and current_setting('transaction_read_only') = 'off'";
    private static final String DEADLOCK = "40P01";
    private static final int TRIES = 3;

    private final DatabaseSettings settings;
    private final HikariDataSource pool;
    private final Jdbi jdbi;
    private final Semaphore connections;
    private final AtomicLong told = new AtomicLong(System.nanoTime() - BETWEEN_WARNINGS.toNanos());

    public Database(DatabaseSettings settings) {
        this.settings = settings;
        HikariConfig config = new HikariConfig();
        config.setPoolName("windlass");
        config.setJdbcUrl(settings.url());
        config.setUsername(settings.user());
        config.setPassword(settings.password());
        config.setMaximumPoolSize(settings.connections());
        config.setConnectionTimeout(2_000);
        config.setInitializationFailTimeout(-1);
        config.addDataSourceProperty("options", SESSION);
        config.addDataSourceProperty("reWriteBatchedInserts", "true");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.addDataSourceProperty("socketTimeout", "20");
        config.addDataSourceProperty("ApplicationName", "windlass");
        // the pool logs what breaks a connection, and a broken batch would bring its values along
        config.addDataSourceProperty("logServerErrorDetail", "false");
        config.setExceptionOverride(new EvictReadOnly());
        pool = new HikariDataSource(config);
        jdbi = Jdbi.create(pool);
        // many virtual threads waiting inside the pool would spin; here they queue
        connections = new Semaphore(settings.connections(), true);
    }

    /**
     * Runs in one transaction, and again where that was chosen to end a deadlock; a refused
     * connection is a {@link DatabaseAwayException}.
     */
    public <T, X extends Exception> T transaction(HandleCallback<T, X> work) throws X {
        return guarded(() -> again(() -> jdbi.inTransaction(work)));
    }

    /** For work of one statement, which is a transaction by itself: saves that of the commit. */
    public <T, X extends Exception> T statement(HandleCallback<T, X> work) throws X {
        return guarded(() -> again(() -> jdbi.withHandle(work)));
    }

    private interface Work<T, X extends Exception> {
        T run() throws X;
    }

    /** Who was chosen to end a deadlock has done nothing, and does it again. */
    private static <T, X extends Exception> T again(Work<T, X> work) throws X {
        for (int i = 1; i < TRIES; i++) {
            try {
                return work.run();
            } catch (JdbiException e) {
                if (!DEADLOCK.equals(SqlState.of(e))) {
                    throw e;
                }
            }
        }
        return work.run();
    }

    private <T, X extends Exception> T guarded(Work<T, X> work) throws X {
        acquire();
        try {
            return work.run();
        } catch (ConnectionException e) {
            throw new DatabaseAwayException("no connection", e, false);
        } catch (JdbiException e) {
            throw DatabaseAwayException.of(e)
                    .<RuntimeException>map(this::told)
                    .orElseGet(() -> StoreException.of(e));
        } finally {
            connections.release();
        }
    }

    /** Who asks is told to come again; why must be found here. */
    private DatabaseAwayException told(DatabaseAwayException away) {
        long now = System.nanoTime();
        long before = told.get();
        if (now - before > BETWEEN_WARNINGS.toNanos() && told.compareAndSet(before, now)) {
            LOG.warn("the database: {}", away.getMessage());
        }
        return away;
    }

    public <X extends Exception> void inTransaction(HandleConsumer<X> work) throws X {
        this.<Boolean, X>transaction(handle -> {
            work.useHandle(handle);
            return true;
        });
    }

    /** A connection outside the pool, for LISTEN. */
    Connection dedicated() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", settings.user());
        properties.setProperty("password", settings.password());
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("ApplicationName", "windlass-listen");
        return DriverManager.getConnection(settings.url(), properties);
    }

    /** Whether it takes writes. */
    public boolean answers() {
        try {
            return statement(this::isWritable);
        } catch (RuntimeException e) {
            return false;
        }
    }

    private boolean isWritable(Handle handle) {
        boolean writable = handle.createQuery(WRITABLE).mapTo(Boolean.class).one();
        if (!writable) {
            // the address may lead to another server by now
            pool.evictConnection(handle.getConnection());
        }
        return writable;
    }

    private static final class EvictReadOnly implements SQLExceptionOverride {
        @java.lang.Override // the interface has a type of that name
        public SQLExceptionOverride.Override adjudicate(SQLException failure) {
            return DatabaseAwayException.READ_ONLY.equals(failure.getSQLState())
                    ? SQLExceptionOverride.Override.MUST_EVICT
                    : SQLExceptionOverride.Override.CONTINUE_EVICT;
        }
    }

    private void acquire() {
        try {
            if (!connections.tryAcquire(settings.patience().toMillis(), TimeUnit.MILLISECONDS)) {
                throw new DatabaseAwayException("all connections are busy", null, false);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatabaseAwayException("interrupted", e, false);
        }
    }

    /** The database's clock: no other decides anything. */
    static Instant now(Handle handle) {
        return handle.createQuery("select clock_timestamp()")
                .map((row, context) -> Rows.instant(row, 1))
                .one();
    }

    @Override
    public void close() {
        pool.close();
    }
}
