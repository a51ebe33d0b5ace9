package io.windlass.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

/**
 * A PostgreSQL for many runs of tests: prints the variable that names it, and stays until it is
 * stopped.
 */
public final class DatabaseServer {
    private DatabaseServer() {}

    public static void main(String[] args) throws InterruptedException {
        EmbeddedPostgres server = TestServer.embedded();
        System.out.printf(
                "export %s='%spostgres?user=postgres&password=postgres'%n",
                TestServer.VARIABLE, TestServer.url(server.getPort()));
        Thread.currentThread().join();
    }
}
