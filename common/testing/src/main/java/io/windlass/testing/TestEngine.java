package io.windlass.testing;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;

/** The one switch: with a Docker engine containers, otherwise the same servers embedded. */
public enum TestEngine {
    CONTAINERS,
    EMBEDDED;

    public static final String VARIABLE = "WINDLASS_TEST_ENGINE";

    private static final TestEngine CHOSEN = choose();

    public static TestEngine chosen() {
        return CHOSEN;
    }

    private static TestEngine choose() {
        TestEngine engine =
                named(
                        System.getenv(VARIABLE),
                        () -> DockerClientFactory.instance().isDockerAvailable());
        System.out.println(
                "[windlass tests] database and queue: "
                        + (engine == CONTAINERS
                                ? "Testcontainers (PostgreSQL, LocalStack)"
                                : "embedded PostgreSQL and ElasticMQ"));
        return engine;
    }

    /** Who asks for containers does not want to be told that all is well without them. */
    static TestEngine named(@Nullable String name, BooleanSupplier dockerAnswers) {
        return switch (name == null ? "" : name) {
            case "" -> dockerAnswers.getAsBoolean() ? CONTAINERS : EMBEDDED;
            case "embedded" -> EMBEDDED;
            case "containers" -> {
                if (!dockerAnswers.getAsBoolean()) {
                    throw new IllegalStateException(
                            VARIABLE + " is containers, but no Docker engine answers");
                }
                yield CONTAINERS;
            }
            default ->
                    throw new IllegalArgumentException(
                            VARIABLE + " is containers or embedded, and not " + name);
        };
    }
}
