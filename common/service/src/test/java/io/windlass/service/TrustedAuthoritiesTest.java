package io.windlass.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.windlass.testing.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustedAuthoritiesTest {
    @TempDir private Path folder;

    /** What trusts is fixed once a process has made its first connection. */
    static final class Process {
        private Process() {}

        /** The authorities beside the JVM's, an address; says how many it trusts and what came. */
        public static void main(String[] args) throws Exception {
            TrustedAuthorities.addThoseOf(args[0]);
            TrustManagerFactory managers =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init((java.security.KeyStore) null);
            X509TrustManager manager = (X509TrustManager) managers.getTrustManagers()[0];
            System.out.println(manager.getAcceptedIssuers().length);
            try {
                HttpRequest request = HttpRequest.newBuilder(URI.create(args[1])).build();
                System.out.println(
                        HttpClient.newHttpClient()
                                .send(request, HttpResponse.BodyHandlers.ofString())
                                .body());
            } catch (SSLException e) {
                System.out.println("not trusted");
            }
        }
    }

    private static List<String> said(Path bundle, String address) throws Exception {
        java.lang.Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Process.class.getName(),
                                bundle.toString(),
                                address)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return output.lines().toList();
    }

    private static HttpsServer server(TestCertificate certificate) throws Exception {
        HttpsServer server =
                HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(certificate.server()));
        server.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(200, 5);
                    exchange.getResponseBody().write("hello".getBytes(StandardCharsets.UTF_8));
                    exchange.close();
                });
        server.start();
        return server;
    }

    @Test
    @Tag("slow")
    void shouldBeTrustedBesideThoseOfTheJvm() throws Exception {
        TestCertificate named = TestCertificate.of("localhost", folder);
        TestCertificate alsoNamed = TestCertificate.of("localhost", folder);
        TestCertificate other = TestCertificate.of("localhost", folder);
        Path bundle = folder.resolve("bundle.pem");
        Files.writeString(
                bundle,
                "# of the database\n"
                        + Files.readString(named.pem())
                        + "# of the queue\n"
                        + Files.readString(alsoNamed.pem()));
        HttpsServer trusted = server(alsoNamed);
        HttpsServer strange = server(other);
        try {
            List<String> ofTrusted =
                    said(bundle, "https://localhost:" + trusted.getAddress().getPort());
            assertThat(ofTrusted.getLast()).isEqualTo("hello");
            assertThat(Integer.parseInt(ofTrusted.getFirst()))
                    .as("two and the public ones")
                    .isGreaterThan(20);
            assertThat(said(bundle, "https://localhost:" + strange.getAddress().getPort()))
                    .contains("not trusted");
        } finally {
            trusted.stop(0);
            strange.stop(0);
        }
    }

    @Test
    void shouldNotStartWithABundleOfNothing() throws IOException {
        Path empty = Files.createFile(folder.resolve("empty.pem"));
        Path missing = folder.resolve("missing.pem");
        Path text = Files.writeString(folder.resolve("text.pem"), "-----BEGIN CERTIFICATE-----\nx");
        for (Path bundle : List.of(empty, missing, text)) {
            assertThatThrownBy(() -> TrustedAuthorities.addThoseOf(bundle.toString()))
                    .as(bundle.toString())
                    .hasMessage("WINDLASS_CA_BUNDLE: no certificates can be read from " + bundle);
        }
        assertThat(System.getProperty("javax.net.ssl.trustStore")).isNull();
    }

    @Test
    void shouldLeaveAllAsItIsWhereNoneIsNamed() {
        TrustedAuthorities.addThoseOf(null);
        TrustedAuthorities.addThoseOf("");
        assertThat(System.getProperty("javax.net.ssl.trustStore")).isNull();
    }
}
