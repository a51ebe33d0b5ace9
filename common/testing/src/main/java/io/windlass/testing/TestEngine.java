package io.windlass.testing;

import org.testcontainers.DockerClientFactory;

/** The one switch: with a Docker engine containers, otherwise the same servers embedded. */
public enum TestEngine {
    CONTAINERS,
    EMBEDDED;

    private static final TestEngine CHOSEN = choose();

    public static TestEngine chosen() {
        return CHOSEN;
    }

    private static TestEngine choose() {
        String said = System.getenv("WINDLASS_TEST_ENGINE");
        TestEngine engine =
                said != null
                        ? valueOf(said)
                        : DockerClientFactory.instance().isDockerAvailable()
                                ? CONTAINERS
                                : EMBEDDED;
        System.out.println(
                "[windlass tests] database and queue: "
                        + (engine == CONTAINERS
                                ? "Testcontainers (PostgreSQL, LocalStack)"
                                : "embedded PostgreSQL and ElasticMQ (no Docker engine answers)"));
        return engine;
    }
}
