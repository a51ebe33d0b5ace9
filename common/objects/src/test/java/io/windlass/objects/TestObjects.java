package io.windlass.objects;

import io.windlass.testing.LeftOut;
import io.windlass.testing.TestSize;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** A Versity S3 gateway on a folder, as a process of its own. */
final class TestObjects implements AutoCloseable {
    private static final String BINARY = System.getenv("WINDLASS_TEST_S3");
    private static final String KEY = "windlass-test";
    private static final String SECRET = "windlass-test-secret";
    private static final String BUCKET = "logs";

    private final Process process;
    private final URI endpoint;

    private TestObjects(Process process, URI endpoint) {
        this.process = process;
        this.endpoint = endpoint;
    }

    /** At full size only: the server takes longer to build than all its tests to run. */
    static boolean available() {
        if (!TestSize.isFull()) {
            return false;
        }
        return LeftOut.unless(BINARY != null, "an S3 server (WINDLASS_TEST_S3 names no versitygw)");
    }

    static TestObjects start() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        Path folder = Files.createTempDirectory("windlass-s3");
        Process process =
                new ProcessBuilder(
                                BINARY,
                                "--access",
                                KEY,
                                "--secret",
                                SECRET,
                                "--region",
                                "eu-central-1",
                                "--port",
                                "127.0.0.1:" + port,
                                "posix",
                                folder.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        TestObjects server = new TestObjects(process, URI.create("http://127.0.0.1:" + port));
        server.makeBucket();
        return server;
    }

    private void makeBucket() {
        try (S3Client s3 =
                S3Client.builder()
                        .endpointOverride(endpoint)
                        .forcePathStyle(true)
                        .region(Region.EU_CENTRAL_1)
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create(KEY, SECRET)))
                        .build()) {
            Awaitility.await("the S3 server answers")
                    .atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .until(() ->
                            s3.createBucket(r -> r.bucket(BUCKET))
                                    .sdkHttpResponse()
                                    .isSuccessful());
        }
    }

    URI endpoint() {
        return endpoint;
    }

    ObjectSettings settings(URI at) {
        return new ObjectSettings(
                BUCKET,
                "windlass/logs/",
                at,
                "eu-central-1",
                true,
                KEY,
                SECRET,
                Duration.ofSeconds(30));
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
