package io.windlass.service;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Authorities that this process trusts besides those of its JVM: queues, buckets and collectors may
 * have certificates of a private one. What comes later in the process, of any library, believes
 * them.
 */
public final class TrustedAuthorities {
    /** Names a file of certificates (PEM). */
    public static final String VARIABLE = "WINDLASS_CA_BUNDLE";

    /** Of a file with nothing that is secret. */
    private static final String PASSWORD = "changeit";

    private TrustedAuthorities() {}

    /** Nothing where none are named; before the first connection of the process. */
    public static void addThoseOf(@Nullable String bundle) {
        if (bundle == null || bundle.isBlank()) {
            return;
        }
        try {
            Path store = Files.createTempFile("windlass-trust", ".p12");
            store.toFile().deleteOnExit();
            write(store, Path.of(bundle));
            System.setProperty("javax.net.ssl.trustStore", store.toString());
            System.setProperty("javax.net.ssl.trustStoreType", "PKCS12");
            System.setProperty("javax.net.ssl.trustStorePassword", PASSWORD);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(
                    VARIABLE + ": no certificates can be read from " + bundle, e);
        }
    }

    private static void write(Path store, Path bundle)
            throws IOException, GeneralSecurityException {
        KeyStore all = KeyStore.getInstance("PKCS12");
        all.load(null, null);
        int number = 0;
        for (X509Certificate certificate : ofTheJvm()) {
            all.setCertificateEntry("jvm-" + number++, certificate);
        }
        Collection<? extends Certificate> more;
        try (InputStream in = Files.newInputStream(bundle)) {
            more = CertificateFactory.getInstance("X.509").generateCertificates(in);
        }
        if (more.isEmpty()) {
            throw new IOException("it holds none");
        }
        for (Certificate certificate : more) {
            all.setCertificateEntry("bundle-" + number++, certificate);
        }
        try (OutputStream out = Files.newOutputStream(store)) {
            all.store(out, PASSWORD.toCharArray());
        }
    }

    private static X509Certificate[] ofTheJvm() throws GeneralSecurityException {
        TrustManagerFactory managers =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init((KeyStore) null);
        for (TrustManager manager : managers.getTrustManagers()) {
            if (manager instanceof X509TrustManager known) {
                return known.getAcceptedIssuers();
            }
        }
        return new X509Certificate[0];
    }
}
