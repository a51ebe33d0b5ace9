package io.windlass.testing;

import java.net.URI;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;

/** Something that speaks the SQS protocol, one per test JVM. */
public record TestQueueServer(URI endpoint, String region, String accessKey, String secretKey) {
    private static final class Server {
        static final TestQueueServer RUNNING =
                switch (TestEngine.chosen()) {
                    case EMBEDDED -> embedded();
                    case CONTAINERS -> container();
                };
    }

    public static TestQueueServer running() {
        return Server.RUNNING;
    }

    /** With its credentials where the SDK looks for them in this JVM. */
    public static TestQueueServer usedHere() {
        TestQueueServer server = running();
        System.setProperty("aws.accessKeyId", server.accessKey());
        System.setProperty("aws.secretAccessKey", server.secretKey());
        return server;
    }

    private static TestQueueServer embedded() {
        SQSRestServer server =
                SQSRestServerBuilder.withInterface("127.0.0.1").withDynamicPort().start();
        int port = server.waitUntilStarted().localAddress().getPort();
        Runtime.getRuntime().addShutdownHook(new Thread(server::stopAndWait));
        return new TestQueueServer(
                URI.create("http://127.0.0.1:" + port), "elasticmq", "test", "test");
    }

    private static TestQueueServer container() {
        LocalStackContainer server =
                new LocalStackContainer(DockerImageName.parse("localstack/localstack:4.14.0"))
                        .withServices("sqs");
        server.start();
        return new TestQueueServer(
                server.getEndpoint(),
                server.getRegion(),
                server.getAccessKey(),
                server.getSecretKey());
    }
}
