package io.windlass.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TestEngineTest {
    @ParameterizedTest
    @CsvSource({
        ", true, CONTAINERS",
        ", false, EMBEDDED",
        "'', true, CONTAINERS",
        "containers, true, CONTAINERS",
        "embedded, true, EMBEDDED",
        "embedded, false, EMBEDDED"
    })
    void shouldChooseWhatIsNamedOrElseWhatThereIs(
            String name, boolean dockerAnswers, TestEngine chosen) {
        assertThat(TestEngine.named(name, () -> dockerAnswers)).isEqualTo(chosen);
    }

    @Test
    void shouldFailWhereContainersAreDemandedAndNoEngineAnswers() {
        assertThatThrownBy(() -> TestEngine.named("containers", () -> false))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("WINDLASS_TEST_ENGINE is containers, but no Docker engine answers");
    }

    @ParameterizedTest
    @ValueSource(strings = {"EMBEDDED", "docker", " "})
    void shouldSayWhatThereIsWhenItKnowsNoSuchEngine(String name) {
        assertThatThrownBy(() -> TestEngine.named(name, () -> true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("WINDLASS_TEST_ENGINE is containers or embedded, and not " + name);
    }

    @Test
    void shouldNotAskForDockerWhenEmbeddedServersAreNamed() {
        assertThat(
                        TestEngine.named(
                                "embedded",
                                () -> {
                                    throw new AssertionError("asked");
                                }))
                .isEqualTo(TestEngine.EMBEDDED);
    }
}
