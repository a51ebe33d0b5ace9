package io.windlass.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ShippedMemoryTest {
    private static final String POM =
            """
            <windlass.image.tiers>1</windlass.image.tiers>
            <jvmFlag>-XX:+UseSerialGC</jvmFlag>
            <jvmFlag>-XX:TieredStopAtLevel=${windlass.image.tiers}</jvmFlag>
            <jvmFlag>-XX:MaxRAMPercentage=60</jvmFlag>
            <jvmFlag>--enable-native-access=ALL-UNNAMED</jvmFlag>
            """;

    private static String values(String limit, String javaOptions) {
        return "webServer:\n  resources:\n    limits: {memory: %s}\n  javaOptions: \"%s\"\n"
                .formatted(limit, javaOptions);
    }

    @Test
    void shouldGiveTheHeapThatTheJvmWouldChoose() {
        ShippedMemory memory = ShippedMemory.of("web-server", values("512Mi", ""), POM);
        assertThat(memory.limit()).isEqualTo(512L << 20);
        assertThat(memory.javaOptions())
                .containsExactly("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx314572k");
    }

    @Test
    void shouldHoldToTheChartsOwnOptions() {
        ShippedMemory memory =
                ShippedMemory.of(
                        "web-server", values("1Gi", "-XX:MaxRAMPercentage=50 -Xss512k"), POM);
        assertThat(memory.javaOptions())
                .containsExactly(
                        "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xss512k", "-Xmx524288k");
    }

    @Test
    void shouldFailWhereTheFlagsDoNotTell() {
        assertThatThrownBy(() -> ShippedMemory.of("web-server", values("512Mi", ""), ""))
                .hasMessageContaining("MaxRAMPercentage");
    }

    @Test
    void shouldKnowAllServicesOfTheStack() throws IOException {
        for (String module : Stack.MODULES) {
            ShippedMemory memory = ShippedMemory.of(module);
            assertThat(memory.limit()).as(module).isGreaterThanOrEqualTo(64L << 20);
            assertThat(memory.javaOptions())
                    .as(module)
                    .contains("-XX:+ExitOnOutOfMemoryError", "-XX:+UseSerialGC")
                    .anyMatch(option -> option.startsWith("-Xmx"))
                    .noneMatch(option -> option.contains("${"));
        }
    }
}
