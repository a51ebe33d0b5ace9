package io.windlass.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.harness.FailingRegistry.Options;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailingRegistryTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:5000, true",
        "127.0.1.1:5000, true",
        "localhost:5000, true",
        "localhost, true",
        "[::1]:5000, true",
        "localhost.example:5000, false",
        "registry.example, false",
        "10.0.0.7:5000, false",
        "'', false"
    })
    void shouldStartOnlyBesideARegistryOfThisMachine(String registry, boolean starts) {
        assertThat(FailingRegistry.registryHere(Map.of("WINDLASS_TEST_REGISTRY", registry)))
                .isEqualTo(starts ? Optional.of(registry) : Optional.empty());
    }

    @Test
    void shouldStartNothingWhereNoRegistryIsNamed() {
        assertThat(FailingRegistry.registryHere(Map.of())).isEmpty();
    }

    @Test
    void shouldTakeTheNotFoundImageFromTheFailingRegistryUnlessOneIsNamed() {
        assertThat(FailingRegistry.notFoundImage(Map.of(), Optional.of("127.0.0.1:5001")))
                .isEqualTo("127.0.0.1:5001/status-404/x:1");
        assertThat(
                        FailingRegistry.notFoundImage(
                                Map.of("WINDLASS_TEST_NOT_FOUND_IMAGE", "r.example/no:1"),
                                Optional.of("127.0.0.1:5001")))
                .isEqualTo("r.example/no:1");
        assertThat(FailingRegistry.notFoundImage(Map.of(), Optional.empty()))
                .isEqualTo("busybox:no-such-tag");
    }

    @Test
    void shouldReadOptions() {
        assertThat(Options.of("--port", "5001", "--registry", "localhost:5000"))
                .isEqualTo(new Options("127.0.0.1", 5001, "localhost:5000"));
        assertThat(Options.of("--host", "0.0.0.0", "--registry", "r:5000", "--port", "0"))
                .isEqualTo(new Options("0.0.0.0", 0, "r:5000"));
    }

    @ParameterizedTest
    @CsvSource({
        "'', --port and --registry must be given",
        "--port 5001, --port and --registry must be given",
        "--registry r:5000, --port and --registry must be given",
        "--port, --port has no value",
        "--port 70000 --registry r, 70000",
        "--port many --registry r, many",
        "--prot 5001 --registry r, no option --prot"
    })
    void shouldNameWhatIsWrongWithTheOptions(String words, String message) {
        String[] options = words.isEmpty() ? new String[0] : words.split(" ");
        assertThatThrownBy(() -> Options.of(options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
