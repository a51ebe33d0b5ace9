package io.windlass.podscheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.podscheduler.choose.Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleFileTest {
    private static final String ONE = "rules: [{pods: 'web-*', node: n}]";

    @TempDir Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("rules.yaml"), text);
    }

    @Test
    void shouldReadWhereWhosePodsBelong() throws IOException {
        RuleFile rules =
                RuleFile.open(
                        file(
                                """
                                rules:
                                - pods: web-*
                                  namespace: shop
                                  node: node-{ordinal}
                                - pods: "*"
                                  nodeSelector: {disk: ssd, fast: true}
                                """));
        assertThat(rules.rules())
                .containsExactly(
                        new Rule("web-*", "shop", "node-{ordinal}", Map.of()),
                        new Rule("*", null, null, Map.of("disk", "ssd", "fast", "true")));
    }

    @Test
    void shouldReadItAnewOnceItHasChanged() throws IOException {
        RuleFile rules = RuleFile.open(file(ONE));
        assertThat(rules.reload()).isFalse();
        file("rules: []");
        assertThat(rules.reload()).isTrue();
        assertThat(rules.rules()).isEmpty();
    }

    @Test
    void shouldKeepTheRulesWhereTheNewOnesAreWrongOrGone() throws IOException {
        RuleFile rules = RuleFile.open(file(ONE));
        file("rules: [{pods: 1}]");
        assertThat(rules.reload()).isFalse();
        Files.delete(folder.resolve("rules.yaml"));
        assertThat(rules.reload()).isFalse();
        assertThat(rules.rules()).containsExactly(new Rule("web-*", null, "n", Map.of()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    rules: | a list 'rules' is missing
                    [] | a list 'rules' is missing
                    rules: [web] | rules[0] is no mapping
                    rules: [{node: n}] | rules[0]: 'pods' is missing
                    rules: [{pods: a}] | rules[0]: one of 'node' and 'nodeSelector'
                    rules: [{pods: a, node: n, nodeSelector: {a: b}}] | one of 'node' and 'nodeSelector'
                    rules: [{pods: a, node: n}, {pods: a, nodes: n}] | rules[1]: 'nodes' is none of
                    rules: [{pods: a, nodeSelector: n}] | 'nodeSelector' is no mapping
                    rules: [{pods: 3, node: n}] | 'pods' is no text
                    rules: [ | expected the node content
                    """)
    void shouldSayWhatIsWrong(String text, String complaint) {
        assertThatThrownBy(() -> RuleFile.open(file(text)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(complaint)
                .hasMessageContaining("rules.yaml");
    }
}
