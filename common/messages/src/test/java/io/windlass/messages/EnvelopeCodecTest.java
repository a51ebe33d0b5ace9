package io.windlass.messages;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.job.EventSeen;
import io.windlass.job.JobId;
import io.windlass.job.JobSeen;
import io.windlass.job.PodSeen;
import io.windlass.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
                        new PodSeen.Ended(3, "Error", "boom", AT.plusSeconds(3)),
                        PodSeen.Kind.SIDECAR);
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
                                List.of(container),
                                new PodSeen.Owner("ns", "u"))),
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

    private static PodSeen.ContainerSeen ended(String name, int code, PodSeen.Kind kind) {
        return new PodSeen.ContainerSeen(
                name, "app", null, AT, new PodSeen.Ended(code, "Error", "", AT), kind);
    }

    private PodSeen sentAndRead(List<PodSeen.ContainerSeen> containers) {
        PodSeen pod =
                new PodSeen(
                        "p",
                        "u",
                        7,
                        1,
                        "Failed",
                        "",
                        "",
                        null,
                        null,
                        false,
                        null,
                        false,
                        PodSeen.Told.NOTHING,
                        containers);
        String text = codec.encode(envelope(new Message.PodObserved(JOB, pod)));
        return codec.decode(text) instanceof EnvelopeCodec.Decoded.Valid(var read)
                        && read.message() instanceof Message.PodObserved(var _, var seen)
                ? seen
                : pod;
    }

    /** Finding P13: of many containers the one that failed the job must not be cut off. */
    @Test
    void shouldSendTheContainersThatExplainMostFirst() {
        List<PodSeen.ContainerSeen> many = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            many.add(ended("init-" + i, 0, PodSeen.Kind.INIT));
        }
        many.add(ended("sidecar", 143, PodSeen.Kind.SIDECAR));
        many.add(ended("well", 0, PodSeen.Kind.MAIN));
        PodSeen.Waiting waits = new PodSeen.Waiting("CreateContainerError", "no");
        many.add(new PodSeen.ContainerSeen("waits", "app", waits, null, null, PodSeen.Kind.MAIN));
        many.add(ended("main", 1, PodSeen.Kind.MAIN));
        PodSeen read = sentAndRead(many);
        assertThat(read.containers())
                .hasSize(20)
                .extracting(PodSeen.ContainerSeen::name)
                .startsWith("main", "sidecar", "waits", "well", "init-0");
        assertThat(read.containers().get(1)).isEqualTo(many.get(30));
    }

    @Test
    void shouldTakeAContainerOfAnUnknownKindForAMainOne() {
        Message message =
                messages().filter(Message.PodObserved.class::isInstance).findFirst().orElseThrow();
        Map<String, Object> tree =
                new TreeMap<>(
                        Json.object(
                                codec.encode(envelope(message))
                                        .replace("SIDECAR", "A_LATER_KIND")));
        tree.remove("mac");
        tree.remove("sig");
        String body = Json.write(tree);
        String sig = OURS.sign(Json.canonical(tree));
        assertThat(codec.decode(body.substring(0, body.length() - 1) + ",\"sig\":\"" + sig + "\"}"))
                .isInstanceOfSatisfying(
                        EnvelopeCodec.Decoded.Valid.class,
                        valid ->
                                assertThat(
                                                ((Message.PodObserved) valid.envelope().message())
                                                        .pod()
                                                        .containers())
                                        .extracting(PodSeen.ContainerSeen::kind)
                                        .containsExactly(PodSeen.Kind.MAIN));
    }

    @Test
    void shouldKeepTheWireFormThatOtherVersionsRead() {
        assertThat(codec.encode(envelope(new Message.CancelRequested(JOB, "me"))))
                .isEqualTo(
                        "{\"v\":1,\"id\":\"11111111-2222-4333-8444-555555555555\",\"type\":\"CancelRequested\","
                                + "\"installation\":\"11111111-2222-4333-8444-555555555555\",\"cluster\":\"local\","
                                + "\"observedAt\":\"2026-11-21T12:00:00Z\",\"jobId\":\"01a1fc33-67c6-7ed5-b209-32711367a265\","
                                + "\"data\":{\"by\":\"me\"},\"traceparent\":\"00-trace\","
                                + "\"mac\":\"e7d93b02068b5e2c5225a35a6be93ab3a6df10fc65e38984273f4fc8561d9f0e\","
                                + "\"sig\":\"48a98f888856929465d1cb5140673eb70fc07b5a08dfbcce53c85952b4aefc41\"}");
    }

    /** It knows no seal: a field like any other, under its signature of the tree. */
    @ParameterizedTest
    @MethodSource("messages")
    void shouldWriteWhatTheVersionBeforeTakesForSigned(Message message) {
        Map<String, Object> tree = new TreeMap<>(Json.object(codec.encode(envelope(message))));
        String signature = String.valueOf(tree.remove("sig"));
        assertThat(OURS.signed(Json.canonical(tree), signature)).isTrue();
    }

    @Test
    void shouldReadWhatTheVersionBeforeWrites() {
        assertThat(codec.decode(signed("\"v\":1,\"type\":\"Admit\"")))
                .isInstanceOf(EnvelopeCodec.Decoded.Valid.class);
    }

    /** Were they parsed, they would be malformed: they are nested too deeply. */
    @Test
    void shouldParseNothingThatIsTooLongOrNotSigned() {
        String deep = "[".repeat(1_000_000);
        assertThat(why(deep)).isEqualTo("TOO_LARGE");
        assertThat(why("\u20ac".repeat(22_000))).isEqualTo("TOO_LARGE");
        String short64 = "{\"x\":" + "[".repeat(60_000);
        assertThat(why(short64)).isEqualTo("BAD_SIGNATURE");
        String forged = "0".repeat(64);
        assertThat(why(short64 + ",\"mac\":\"" + forged + "\",\"sig\":\"" + forged + "\"}"))
                .isEqualTo("BAD_SIGNATURE");
    }

    /** What stands behind the seal is not under it. */
    @Test
    void shouldReadNothingThatIsPutBehindTheSeal() {
        Envelope untraced = new Envelope(ID, ID, "local", AT, null, new Message.Admit());
        String text = codec.encode(untraced);
        String start = text.substring(0, text.length() - 66);
        String injected = "x\",\"traceparent\":\"";
        String longer = start + injected + "y".repeat(64 - injected.length()) + "\"}";
        assertThat(codec.decode(longer)).isEqualTo(new EnvelopeCodec.Decoded.Valid(untraced));
    }

    @Test
    void shouldRefuseWhatIsOlderThanTheQueueKeepsIt() {
        EnvelopeCodec anHourLater =
                new EnvelopeCodec(OURS, InstantSource.fixed(AT.plus(Duration.ofMinutes(60))));
        EnvelopeCodec later =
                new EnvelopeCodec(OURS, InstantSource.fixed(AT.plus(Duration.ofMinutes(66))));
        String text = codec.encode(envelope(new Message.Admit()));
        assertThat(anHourLater.decode(text)).isInstanceOf(EnvelopeCodec.Decoded.Valid.class);
        assertThat(later.decode(text))
                .isInstanceOfSatisfying(
                        EnvelopeCodec.Decoded.Refused.class,
                        no -> assertThat(no.why()).isEqualTo(EnvelopeCodec.Decoded.Why.TOO_OLD));
    }

    @Test
    void shouldRefuseWhatIsForgedOrChanged() {
        String text = codec.encode(envelope(new Message.CancelRequested(JOB, "me")));
        assertThat(why(text.replace("\"by\":\"me\"", "\"by\":\"eve\""))).isEqualTo("BAD_SIGNATURE");
        EnvelopeCodec eve =
                new EnvelopeCodec(new Installation(ID, "another key of some length", List.of()));
        assertThat(why(eve.encode(envelope(new Message.Admit())))).isEqualTo("BAD_SIGNATURE");
        String before = signed("\"v\":1,\"type\":\"Admit\"");
        assertThat(why(before.replace("Admit", "Forget"))).isEqualTo("BAD_SIGNATURE");
        assertThat(why("{}")).isEqualTo("BAD_SIGNATURE");
        assertThat(why("no JSON")).isEqualTo("BAD_SIGNATURE");
        assertThat(why("[]")).isEqualTo("BAD_SIGNATURE");
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

    /** Finding P2: what a program prints last, and what anybody may write on a Job. */
    @ParameterizedTest
    @ValueSource(strings = {"\uFFFF", "\uFFFE", "\0", "\u0001", "\uD800", "\uDC00"})
    void shouldWriteNothingThatTheQueueRefuses(String character) {
        String text = "before" + character + "after";
        String megabyte = character.repeat(1_000_000);
        PodSeen pod =
                new PodSeen(
                        text,
                        text,
                        7,
                        1,
                        text,
                        text,
                        text,
                        text,
                        null,
                        false,
                        null,
                        false,
                        PodSeen.Told.NOTHING,
                        List.of(
                                new PodSeen.ContainerSeen(
                                        text, text, null, null, new PodSeen.Ended(1, "", text))));
        JobSeen job =
                new JobSeen(
                        text,
                        text,
                        text,
                        7,
                        new JobSeen.Owner(ID.toString(), JOB.toString(), 1, megabyte),
                        null,
                        Collections.nCopies(
                                100,
                                new JobSeen.Condition(megabyte, true, megabyte, megabyte, null)));
        for (Message message :
                List.of(
                        new Message.PodObserved(JOB, pod),
                        new Message.JobObserved(JOB, job, false),
                        new Message.CancelRequested(JOB, megabyte))) {
            String encoded = codec.encode(new Envelope(ID, ID, "local", AT, megabyte, message));
            assertThat(encoded.codePoints())
                    .allMatch(c ->
                            c >= 0x20 && c <= 0xD7FF || c >= 0xE000 && c <= 0xFFFD || c >= 0x10000);
            assertThat(encoded.getBytes(StandardCharsets.UTF_8).length).isLessThan(64 * 1024);
            assertThat(codec.decode(encoded)).isInstanceOf(EnvelopeCodec.Decoded.Valid.class);
        }
        assertThat(codec.encode(envelope(new Message.PodObserved(JOB, pod))))
                .contains("before\uFFFDafter");
    }

    private String why(String text) {
        return ((EnvelopeCodec.Decoded.Refused) codec.decode(text)).why().name();
    }
}
