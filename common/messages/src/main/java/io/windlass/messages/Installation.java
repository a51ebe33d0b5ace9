package io.windlass.messages;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Who we are, and the key that proves it. A previous key is accepted while keys are being changed.
 */
public final class Installation {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int SHORTEST_KEY = 16;

    private final UUID id;
    private final String key;
    private final List<String> previousKeys;

    public Installation(UUID id, String key, List<String> previousKeys) {
        if (key.length() < SHORTEST_KEY) {
            throw new IllegalArgumentException(
                    "the installation's key must have at least " + SHORTEST_KEY + " characters");
        }
        this.id = id;
        this.key = key;
        this.previousKeys = List.copyOf(previousKeys);
    }

    public UUID id() {
        return id;
    }

    String sign(String text) {
        return HexFormat.of().formatHex(mac(key, text));
    }

    boolean signed(String text, String signature) {
        byte[] given = signature.getBytes(StandardCharsets.US_ASCII);
        return matches(key, text, given)
                || previousKeys.stream().anyMatch(old -> matches(old, text, given));
    }

    private static boolean matches(String key, String text, byte[] given) {
        byte[] expected =
                HexFormat.of().formatHex(mac(key, text)).getBytes(StandardCharsets.US_ASCII);
        return MessageDigest.isEqual(expected, given);
    }

    private static byte[] mac(String key, String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(ALGORITHM + " is part of every JDK", e);
        }
    }

    /** What a database keeps of the key: enough to recognise it, nothing to sign with. */
    public String keyFingerprint() {
        return fingerprint(key);
    }

    public List<String> previousKeyFingerprints() {
        return previousKeys.stream().map(Installation::fingerprint).toList();
    }

    private static String fingerprint(String key) {
        return HexFormat.of().formatHex(mac(key, "windlass installation key"));
    }
}
