package io.windlass.messages;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.job.EventSeen;
import io.windlass.job.JobId;
import io.windlass.job.JobSeen;
import io.windlass.job.PodSeen;
import io.windlass.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeCodecTest {
    private static final UUID ID = UUID.fromString("11111111-2222-4333-8444-555555555555");
    private static final JobId JOB =
            new JobId(UUID.fromString("01a1fc33-67c6-7ed5-b209-32711367a265"));
    private static final Instant AT = Instant.parse("2026-11-21T12:00:00Z");
    private static final Installation OURS =
            new Installation(ID, "a key of some length", List.of());
    private final EnvelopeCodec codec = new EnvelopeCodec(OURS);

    static Stream<Message> messages() {
        PodSeen.ContainerSeen container =
                new PodSeen.ContainerSeen(
                        "main",
                        "app:1",
                        new PodSeen.Waiting("ErrImagePull", "not found"),
                        AT,
                        new PodSeen.Ended(3, "Error", "boom"));
        return Stream.of(
                new Message.Admit(),
                new Message.CancelRequested(JOB, "me"),
                new Message.JobObserved(
                        JOB,
                        new JobSeen(
                                "ns",
                                "n",
                                "u",
                                42,
                                new JobSeen.Owner(ID.toString(), JOB.toString(), 1, "h"),
                                AT,
                                List.of(new JobSeen.Condition("Failed", true, "r", "m", AT))),
                        true),
                new Message.PodObserved(
                        JOB,
                        new PodSeen(
                                "p",
                                "u",
                                7,
                                1,
                                "Pending",
                                "",
                                "",
                                null,
                                null,
                                true,
                                new PodSeen.Unscheduled("no room", PodSeen.Room.NOWHERE, "small"),
                                true,
                                new PodSeen.Told(
                                        true, 2, List.of(new EventSeen("FailedMount", "no", 3))),
                                List.of(container))),
                new Message.JobEventHeard(JOB, "u"));
    }

    private static Envelope envelope(Message message) {
        return new Envelope(ID, ID, "local", AT, "00-trace", message);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void shouldReadWhatItWrites(Message message) {
        String text = codec.encode(envelope(message));
        assertThat(codec.decode(text))
                .isEqualTo(new EnvelopeCodec.Decoded.Valid(envelope(message)));
    }

    @Test
    void shouldKeepTheWireFormThatOtherVersionsRead() {
        assertThat(codec.encode(envelope(new Message.CancelRequested(JOB, "me"))))
                .isEqualTo(
                        "{\"v\":1,\"id\":\"11111111-2222-4333-8444-555555555555\",\"type\":\"CancelRequested\","
                                + "\"installation\":\"11111111-2222-4333-8444-555555555555\",\"cluster\":\"local\","
                                + "\"observedAt\":\"2026-11-21T12:00:00Z\",\"jobId\":\"01a1fc33-67c6-7ed5-b209-32711367a265\","
                                + "\"data\":{\"by\":\"me\"},\"traceparent\":\"00-trace\","
                                + "\"sig\":\"08c4a5c5e6c9652ae046f9f4e8765cd800d5af7b2dea5e3c04e33365e3532787\"}");
    }

    @Test
    void shouldRefuseWhatIsForgedOrChanged() {
        String text = codec.encode(envelope(new Message.CancelRequested(JOB, "me")));
        assertThat(why(text.replace("\"by\":\"me\"", "\"by\":\"eve\""))).isEqualTo("BAD_SIGNATURE");
        EnvelopeCodec eve =
                new EnvelopeCodec(new Installation(ID, "another key of some length", List.of()));
        assertThat(why(eve.encode(envelope(new Message.Admit())))).isEqualTo("BAD_SIGNATURE");
        assertThat(why("{}")).isEqualTo("BAD_SIGNATURE");
        assertThat(why("no JSON")).isEqualTo("MALFORMED");
        assertThat(why("[]")).isEqualTo("MALFORMED");
    }

    @Test
    void shouldAcceptThePreviousKeyWhileKeysAreBeingChanged() {
        String old = codec.encode(envelope(new Message.Admit()));
        EnvelopeCodec changed =
                new EnvelopeCodec(
                        new Installation(
                                ID, "the next key of the two", List.of("a key of some length")));
        assertThat(changed.decode(old)).isInstanceOf(EnvelopeCodec.Decoded.Valid.class);
    }

    @Test
    void shouldIgnoreFieldsThatItDoesNotKnowAndRefuseTypesAndVersions() {
        assertThat(codec.decode(signed("\"new\":1,\"v\":1,\"type\":\"Admit\"")))
                .isInstanceOf(EnvelopeCodec.Decoded.Valid.class);
        assertThat(why(signed("\"v\":1,\"type\":\"SetStatus\""))).isEqualTo("UNKNOWN_TYPE");
        assertThat(why(signed("\"v\":2,\"type\":\"Admit\""))).isEqualTo("UNKNOWN_VERSION");
    }

    private static String signed(String start) {
        String body =
                "{"
                        + start
                        + ",\"id\":\""
                        + ID
                        + "\",\"installation\":\""
                        + ID
                        + "\",\"cluster\":\"c\",\"observedAt\":\""
                        + AT
                        + "\",\"data\":{}}";
        String sig = OURS.sign(Json.canonical(Json.object(body)));
        return body.substring(0, body.length() - 1) + ",\"sig\":\"" + sig + "\"}";
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "\u0001", "\uD83D\uDE80", "\"", "\0"})
    void shouldStayUnderTheSizeOfAMessageWhateverThePodSays(String character) {
        String megabyte = character.repeat(1_000_000);
        List<PodSeen.ContainerSeen> many = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            many.add(
                    new PodSeen.ContainerSeen(
                            "c" + i,
                            megabyte,
                            new PodSeen.Waiting(megabyte, megabyte),
                            null,
                            null));
        }
        PodSeen pod =
                new PodSeen(
                        "p",
                        "u",
                        7,
                        1,
                        "Pending",
                        megabyte,
                        megabyte,
                        null,
                        null,
                        false,
                        new PodSeen.Unscheduled(megabyte, PodSeen.Room.NOWHERE, megabyte),
                        false,
                        new PodSeen.Told(
                                false,
                                0,
                                Collections.nCopies(50, new EventSeen(megabyte, megabyte, 1))),
                        many);
        String text = codec.encode(envelope(new Message.PodObserved(JOB, pod)));
        assertThat(text.getBytes(StandardCharsets.UTF_8).length).isLessThan(64 * 1024);
        assertThat(codec.decode(text)).isInstanceOf(EnvelopeCodec.Decoded.Valid.class);
    }

    private String why(String text) {
        return ((EnvelopeCodec.Decoded.Refused) codec.decode(text)).why().name();
    }
}
