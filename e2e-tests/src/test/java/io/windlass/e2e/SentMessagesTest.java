package io.windlass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.json.Json;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SentMessagesTest {
    private static List<String> kinds(Map<?, ?>... messages) {
        List<Map<String, Object>> entries =
                IntStream.range(0, messages.length)
                        .mapToObj(i ->
                                Map.<String, Object>of(
                                        "Id", "" + i, "MessageBody", Json.write(messages[i])))
                        .toList();
        return SentMessages.kinds(
                "AmazonSQS.SendMessageBatch",
                Json.write(Map.of("QueueUrl", "http://x", "Entries", entries)));
    }

    private static Map<String, Object> job(boolean gone, Map<?, ?>... conditions) {
        return Map.of(
                "type",
                "JobObserved",
                "data",
                Map.of("gone", gone, "conditions", List.of(conditions)));
    }

    private static Map<String, Object> condition(String type, boolean isTrue) {
        return Map.of("type", type, "isTrue", isTrue);
    }

    private static Map<String, Object> pod(String phase) {
        return Map.of("type", "PodObserved", "data", Map.of("phase", phase));
    }

    @Test
    void shouldTellWhatAJobIsObservedAs() {
        assertThat(
                        kinds(
                                job(false),
                                job(false, condition("SuccessCriteriaMet", true)),
                                job(false, condition("Complete", false)),
                                job(false, condition("Complete", true)),
                                job(true, condition("Complete", true))))
                .containsExactly(
                        "messages: JobObserved, before its end",
                        "messages: JobObserved, before its end",
                        "messages: JobObserved, before its end",
                        "messages: JobObserved, ended",
                        SentMessages.GONE);
    }

    @Test
    void shouldTellWhatAPodIsObservedAs() {
        assertThat(kinds(pod("Pending"), pod("Running"), pod("Succeeded")))
                .containsExactly(
                        "messages: PodObserved, before its end",
                        "messages: PodObserved, before its end",
                        "messages: PodObserved, over");
    }

    @Test
    void shouldCountNudgesByTheirType() {
        assertThat(kinds(Map.of("type", "Admit", "data", Map.of())))
                .containsExactly("messages: Admit");
    }

    @Test
    void shouldCountNothingButSends() {
        assertThat(SentMessages.kinds("AmazonSQS.ReceiveMessage", "{}")).isEmpty();
        assertThat(SentMessages.kinds("AmazonSQS.DeleteMessageBatch", "{}")).isEmpty();
    }

    @Test
    void shouldCountWhatIsSentByItselfAsADeadLetter() {
        assertThat(SentMessages.kinds("AmazonSQS.SendMessage", "{}"))
                .containsExactly("messages: dead letter");
    }
}
