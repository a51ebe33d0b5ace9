package io.windlass.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.windlass.testing.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

class MainTest {
    @TempDir private static Path folder;
    private static TestCertificate right;
    private static TestCertificate wrong;

    @BeforeAll
    static void makeCertificates() throws Exception {
        right = TestCertificate.of("localhost", folder);
        wrong = TestCertificate.of("localhost", folder);
    }

    /** Speaks as a PostgreSQL does until the connection is encrypted, and hangs up. */
    private static final class UntilEncrypted implements AutoCloseable {
        private final ServerSocket server =
                new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));

        UntilEncrypted(SSLContext tls) throws IOException {
            Thread.ofVirtual()
                    .start(() -> {
                        while (!server.isClosed()) {
                            encrypt(tls);
                        }
                    });
        }

        private void encrypt(SSLContext tls) {
            try (Socket plain = server.accept()) {
                plain.getInputStream().readNBytes(8);
                plain.getOutputStream().write('S');
                try (SSLSocket socket =
                        (SSLSocket) tls.getSocketFactory().createSocket(plain, null, true)) {
                    socket.setUseClientMode(false);
                    socket.startHandshake();
                }
            } catch (IOException _) {
                // who does not trust it hangs up first
            }
        }

        String url(String host, Path authority) {
            return "jdbc:postgresql://%s:%d/windlass?sslmode=verify-full&sslrootcert=%s"
                    .formatted(host, server.getLocalPort(), authority);
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }

    private static Refusal refusal(String url) {
        return catchThrowableOfType(
                Refusal.class,
                () ->
                        Main.run(
                                new String[0],
                                Map.of(
                                        "WINDLASS_DATABASE_URL",
                                        url,
                                        "WINDLASS_DATABASE_USER",
                                        "owner",
                                        "WINDLASS_DATABASE_PASSWORD",
                                        "secret")));
    }

    @Test
    void shouldSayInOneLineThatTheCertificateOfTheDatabaseIsNotTrusted() throws Exception {
        try (UntilEncrypted database = new UntilEncrypted(right.server())) {
            assertThat(refusal(database.url("localhost", wrong.pem())).lines())
                    .singleElement()
                    .asString()
                    .startsWith("no connection to jdbc:postgresql://localhost:")
                    .contains("/windlass: SSL error: ", "sslrootcert has to name a file")
                    .doesNotContain("secret", "?", "\n");
        }
    }

    /** It may be mended while it waits. */
    @Test
    void shouldWaitForTheSchemaAndSayInOneLineWhatForWhereTheCertificateIsNotTrusted()
            throws Exception {
        try (UntilEncrypted server = new UntilEncrypted(right.server())) {
            PGSimpleDataSource database = new PGSimpleDataSource();
            database.setUrl(server.url("localhost", wrong.pem()));
            database.setUser("web");
            database.setPassword("secret");
            assertThat(Migrations.missing(database).orElseThrow())
                    .contains("certificate", "sslrootcert")
                    .doesNotContain("secret", "\n");
        }
    }

    @Test
    void shouldSayInOneLineThatTheCertificateIsOfAnotherHost() throws Exception {
        try (UntilEncrypted database = new UntilEncrypted(right.server())) {
            assertThat(refusal(database.url("127.0.0.1", right.pem())).lines())
                    .singleElement()
                    .asString()
                    .contains("127.0.0.1", "hostname", "certificate")
                    .doesNotContain("\n");
        }
    }

    @Test
    void shouldNotBlameTheCertificateWhereItIsTrusted() throws Exception {
        try (UntilEncrypted database = new UntilEncrypted(right.server())) {
            assertThat(refusal(database.url("localhost", right.pem())).lines())
                    .singleElement()
                    .asString()
                    .startsWith("no connection to ")
                    .doesNotContain("certificate");
        }
    }

    @Test
    void shouldNameEachVariableThatIsMissingInALineOfItsOwn() {
        Map<String, String> environment =
                new TreeMap<>(
                        Map.of(
                                "WINDLASS_DATABASE_URL",
                                "jdbc:postgresql://localhost/windlass",
                                "WINDLASS_DATABASE_USER",
                                " ",
                                "WINDLASS_DATABASE_WEB_SERVER_USER",
                                "web",
                                "WINDLASS_DATABASE_CLUSTER_GATEWAY_USER",
                                "gateway"));
        assertThat(
                        catchThrowableOfType(
                                        Refusal.class, () -> Main.run(new String[0], environment))
                                .lines())
                .containsExactly(
                        "set WINDLASS_DATABASE_USER",
                        "set WINDLASS_DATABASE_PASSWORD",
                        "set WINDLASS_DATABASE_WEB_SERVER_PASSWORD",
                        "set WINDLASS_DATABASE_CLUSTER_GATEWAY_PASSWORD");
    }

    @Test
    void shouldSayWhatItKnowsToWhoAsksForAnythingElse() {
        assertThatThrownBy(() -> Main.run(new String[] {"rollback"}, Map.of()))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("rollback: not one of migrate, wait-for-schema");
    }
}
