package io.windlass.messages;

import java.time.Duration;
import java.time.Instant;

/**
 * Proof that a call between two services comes from this installation: its target and the moment,
 * signed with the installation's key, which itself is never sent.
 */
public final class CallSignature {
    public static final String TIME = "Windlass-Time";
    public static final String SIGNATURE = "Windlass-Signature";
    private static final Duration BELIEVED = Duration.ofMinutes(5);

    private final Installation installation;

    public CallSignature(Installation installation) {
        this.installation = installation;
    }

    /** Of path and query, as they stand in the request. */
    public String of(String method, String target, String time) {
        return installation.sign(text(method, target, time));
    }

    public boolean isValid(
            String method, String target, String time, String signature, Instant now) {
        return isNear(time, now) && installation.signed(text(method, target, time), signature);
    }

    private static boolean isNear(String time, Instant now) {
        if (!time.matches("\\d{1,12}")) {
            return false;
        }
        Instant at = Instant.ofEpochSecond(Long.parseLong(time));
        return Duration.between(at, now).abs().compareTo(BELIEVED) <= 0;
    }

    private static String text(String method, String target, String time) {
        return "call\n" + method + "\n" + target + "\n" + time;
    }
}
