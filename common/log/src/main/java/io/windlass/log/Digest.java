package io.windlass.log;

import java.util.Base64;
import java.util.HexFormat;
import org.bouncycastle.crypto.digests.SHA256Digest;

/** A SHA-256 that can be put down and taken up again by another process, which the JDK's cannot. */
final class Digest {
    private final SHA256Digest digest;

    Digest() {
        digest = new SHA256Digest();
    }

    private Digest(SHA256Digest digest) {
        this.digest = digest;
    }

    static Digest takenUp(String state) {
        return new Digest(new SHA256Digest(Base64.getDecoder().decode(state)));
    }

    String putDown() {
        return Base64.getEncoder().encodeToString(digest.getEncodedState());
    }

    void update(byte[] buffer, int from, int to) {
        digest.update(buffer, from, to - from);
    }

    /** Of what was taken until now; more may follow. */
    String hex() {
        byte[] sum = new byte[digest.getDigestSize()];
        new SHA256Digest(digest).doFinal(sum, 0);
        return HexFormat.of().formatHex(sum);
    }
}
