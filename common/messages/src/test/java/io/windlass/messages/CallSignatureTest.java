package io.windlass.messages;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CallSignatureTest {
    private static final UUID ID = UUID.fromString("00000000-0000-4000-8000-000000000001");
    private static final Instant NOW = Instant.ofEpochSecond(1_790_000_000L);
    private static final String TIME = "1790000000";

    private final CallSignature ours =
            new CallSignature(new Installation(ID, "a key of this installation", List.of()));

    @Test
    void shouldBelieveWhoHasTheKeyAboutThisCallOnlyAndForAWhile() {
        String signature = ours.of("GET", "/internal/v1/logs/1?offset=5", TIME);
        assertThat(valid("GET", "/internal/v1/logs/1?offset=5", TIME, signature, NOW)).isTrue();
        assertThat(valid("GET", "/internal/v1/logs/2?offset=5", TIME, signature, NOW)).isFalse();
        assertThat(valid("POST", "/internal/v1/logs/1?offset=5", TIME, signature, NOW)).isFalse();
        assertThat(valid("GET", "/internal/v1/logs/1?offset=5", "1790000001", signature, NOW))
                .isFalse();
        assertThat(
                        valid(
                                "GET",
                                "/internal/v1/logs/1?offset=5",
                                TIME,
                                signature,
                                NOW.plusSeconds(301)))
                .isFalse();
        assertThat(valid("GET", "/internal/v1/logs/1?offset=5", "now", signature, NOW)).isFalse();
    }

    @Test
    void shouldBelieveAPreviousKeyAndNoForeignOne() {
        CallSignature before =
                new CallSignature(new Installation(ID, "the key of last month", List.of()));
        CallSignature changed =
                new CallSignature(
                        new Installation(
                                ID,
                                "a key of this installation",
                                List.of("the key of last month")));
        String signature = before.of("GET", "/x", TIME);
        assertThat(changed.isValid("GET", "/x", TIME, signature, NOW)).isTrue();
        assertThat(valid("GET", "/x", TIME, signature, NOW)).isFalse();
    }

    private boolean valid(
            String method, String target, String time, String signature, Instant now) {
        return ours.isValid(method, target, time, signature, now);
    }
}
