package io.windlass.messages;

import io.windlass.job.BoundedText;
import io.windlass.job.JobId;
import io.windlass.json.Json;
import io.windlass.json.JsonSyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Envelopes to text and back. Nothing is parsed that is too long or not signed by our key. Unknown
 * fields are ignored; anything else that is not whole and ours is refused.
 */
public final class EnvelopeCodec {
    private static final String VERSION = "1";
    private static final int LARGEST = 62 * 1024;
    private static final int LONGEST_READ = 64 * 1024;
    private static final int LONGEST_TEXT = 1_000;

    /** Of names and the like, where nothing else is left to be shortened. */
    private static final int SHORTEST_TEXT = 253;

    /**
     * So long as the queue keeps them: what is older was taken from it by somebody and put back.
     */
    public static final Duration OLDEST = Duration.ofHours(1);

    /** Between two machines. */
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(5);

    /** Either an envelope, or why it is none. */
    public sealed interface Decoded {
        record Valid(Envelope envelope) implements Decoded {}

        record Refused(Why why, String detail) implements Decoded {}

        enum Why {
            MALFORMED,
            UNKNOWN_VERSION,
            UNKNOWN_TYPE,
            BAD_SIGNATURE,
            TOO_LARGE,
            OTHER_INSTALLATION,
            TOO_OLD
        }
    }

    private final Installation installation;
    private final InstantSource clock;

    /** Where messages have no age. */
    public EnvelopeCodec(Installation installation) {
        this(installation, InstantSource.fixed(Instant.MIN));
    }

    public EnvelopeCodec(Installation installation, InstantSource clock) {
        this.installation = installation;
        this.clock = clock;
    }

    private static final Decoded NOT_OURS =
            new Decoded.Refused(Decoded.Why.BAD_SIGNATURE, "it is not signed by our key");

    /** However much containers and events have to say: they say less until it fits. */
    public String encode(Envelope envelope) {
        int text = LONGEST_TEXT;
        String encoded = encode(envelope, text);
        while (text > 0 && encoded.length() > LARGEST / 4 && bytes(encoded) > LARGEST) {
            text /= 2;
            encoded = encode(envelope, text);
        }
        return encoded;
    }

    private static int bytes(String encoded) {
        return encoded.getBytes(StandardCharsets.UTF_8).length;
    }

    private String encode(Envelope envelope, int text) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("v", 1);
        tree.put("id", envelope.id());
        tree.put("type", envelope.message().getClass().getSimpleName());
        tree.put("installation", envelope.installation());
        tree.put("cluster", envelope.cluster());
        tree.put("observedAt", envelope.observedAt());
        switch (envelope.message()) {
            case Message.Admit admit -> tree.put("data", Map.of());
            case Message.CancelRequested cancel -> {
                tree.put("jobId", cancel.jobId());
                tree.put("data", Map.of("by", cancel.by()));
            }
            case Message.JobObserved seen -> {
                tree.put("jobId", seen.jobId());
                tree.put("data", SeenTrees.job(seen.job(), seen.gone(), text));
            }
            case Message.JobEventHeard heard -> {
                tree.put("jobId", heard.jobId());
                tree.put("data", Map.of("uid", heard.uid()));
            }
            case Message.PodObserved seen -> {
                tree.put("jobId", seen.jobId());
                tree.put("attempt", seen.pod().attempt());
                tree.put("data", SeenTrees.pod(seen.pod(), text));
            }
        }
        if (envelope.traceparent() != null) {
            tree.put("traceparent", envelope.traceparent());
        }
        return SignedText.of(FitTree.of(tree, Math.max(text, SHORTEST_TEXT)), installation);
    }

    public Decoded decode(String text) {
        if (text.length() > LONGEST_READ || bytes(text) > LONGEST_READ) {
            return new Decoded.Refused(
                    Decoded.Why.TOO_LARGE, "it has more than " + LONGEST_READ + " bytes");
        }
        SignedText.Opened opened = SignedText.open(text, installation).orElse(null);
        if (opened == null) {
            return NOT_OURS;
        }
        try {
            return decode(Json.asObject(Json.parse(opened.text())), opened.proven());
        } catch (JsonSyntaxException | IllegalArgumentException | DateTimeException e) {
            return new Decoded.Refused(
                    Decoded.Why.MALFORMED, BoundedText.of(String.valueOf(e.getMessage()), 300));
        }
    }

    private Decoded decode(Map<String, @Nullable Object> tree, boolean proven) {
        Object signature = tree.remove(SignedText.SIGNATURE);
        if (!proven
                && !(signature instanceof String sig
                        && installation.signed(Json.canonical(tree), sig))) {
            return NOT_OURS;
        }
        if (!VERSION.equals(String.valueOf(tree.get("v")))) {
            return new Decoded.Refused(Decoded.Why.UNKNOWN_VERSION, "version " + tree.get("v"));
        }
        TreeReader read = new TreeReader(tree);
        if (!installation.id().toString().equals(read.text("installation"))) {
            return new Decoded.Refused(Decoded.Why.OTHER_INSTALLATION, read.text("installation"));
        }
        Instant observedAt = Instant.parse(read.text("observedAt"));
        if (observedAt.isBefore(oldest())) {
            return new Decoded.Refused(Decoded.Why.TOO_OLD, "it is of " + observedAt);
        }
        Message message = message(read);
        if (message == null) {
            return new Decoded.Refused(Decoded.Why.UNKNOWN_TYPE, read.text("type"));
        }
        return new Decoded.Valid(
                new Envelope(
                        UUID.fromString(read.text("id")),
                        installation.id(),
                        read.text("cluster"),
                        observedAt,
                        read.optionalText("traceparent"),
                        message));
    }

    private Instant oldest() {
        Instant now = clock.instant();
        return now.equals(Instant.MIN) ? now : now.minus(OLDEST).minus(CLOCKS_DIFFER);
    }

    private static @Nullable Message message(TreeReader read) {
        return switch (read.text("type")) {
            case "Admit" -> new Message.Admit();
            case "CancelRequested" ->
                    new Message.CancelRequested(jobId(read), read.object("data").text("by"));
            case "JobObserved" -> {
                TreeReader data = read.object("data");
                yield new Message.JobObserved(jobId(read), SeenTrees.job(data), data.bool("gone"));
            }
            case "JobEventHeard" ->
                    new Message.JobEventHeard(jobId(read), read.object("data").text("uid"));
            case "PodObserved" ->
                    new Message.PodObserved(jobId(read), SeenTrees.pod(read.object("data")));
            default -> null;
        };
    }

    private static JobId jobId(TreeReader read) {
        return JobId.parse(read.text("jobId"))
                .orElseThrow(() -> new IllegalArgumentException("jobId is no id"));
    }
}
