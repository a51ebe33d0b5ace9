package io.windlass.messages;

import io.windlass.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A message with its seal: the MAC of all bytes before it, so that whoever reads it need not parse
 * what nobody of this installation wrote. The version before knows no seal; for it there is a
 * signature of the tree besides, and of its own messages that is all there is.
 */
final class SignedText {
    static final String SIGNATURE = "sig";
    private static final String SEAL = "mac";
    private static final int HEX = 64;
    private static final String BEFORE_SEAL = ",\"" + SEAL + "\":\"";
    private static final String BEFORE_SIGNATURE = ",\"" + SIGNATURE + "\":\"";
    private static final String END = "\"}";
    private static final int SIGNED = BEFORE_SIGNATURE.length() + HEX + END.length();
    private static final int SEALED = BEFORE_SEAL.length() + HEX + 1 + SIGNED;

    private SignedText() {}

    static String of(Map<String, @Nullable Object> tree, Installation installation) {
        String whole = Json.write(tree);
        String open = whole.substring(0, whole.length() - 1);
        String seal = installation.sign(sealed(open));
        Map<String, @Nullable Object> signed = new LinkedHashMap<>(tree);
        signed.put(SEAL, seal);
        String signature = installation.sign(Json.canonical(signed));
        return open + BEFORE_SEAL + seal + '"' + BEFORE_SIGNATURE + signature + END;
    }

    /**
     * What may be parsed.
     *
     * @param proven all of it is ours; else its own signature must show that
     */
    record Opened(String text, boolean proven) {}

    /** Read from its end: nothing is parsed. */
    static Optional<Opened> open(String text, Installation installation) {
        int signature = text.length() - SIGNED;
        if (signature < 1 || !text.startsWith(BEFORE_SIGNATURE, signature) || !text.endsWith(END)) {
            return Optional.empty();
        }
        int seal = text.length() - SEALED;
        if (seal < 1 || !text.startsWith(BEFORE_SEAL, seal)) {
            return Optional.of(new Opened(text, false));
        }
        String open = text.substring(0, seal);
        int from = seal + BEFORE_SEAL.length();
        // the seal covers nothing that is behind it
        return installation.signed(sealed(open), text.substring(from, from + HEX))
                ? Optional.of(new Opened(open + "}", true))
                : Optional.empty();
    }

    /** No text that something else signs begins like this. */
    private static String sealed(String open) {
        return "message\n" + open;
    }
}
