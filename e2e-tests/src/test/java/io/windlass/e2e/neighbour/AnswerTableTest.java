package io.windlass.e2e.neighbour;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerTableTest {
    private static final HostileCase REFUSED = of("refused", "4xx");
    private static final HostileCase SPOILS = of("spoils", AnswerTable.DONE);
    private final AnswerTable table = new AnswerTable(List.of(REFUSED, SPOILS));

    private static HostileCase of(String name, String expects) {
        return new HostileCase(
                name,
                "P1",
                new HostileCase.Sql("select 1"),
                0,
                Duration.ofSeconds(1),
                1,
                List.of(expects, "503"));
    }

    private void add(HostileCase one, String answer) {
        table.add(one, answer, Duration.ofMillis(1_500));
    }

    @Test
    void shouldTellExpectedAnswersFromOthers() {
        add(REFUSED, "422");
        add(REFUSED, "422");
        add(REFUSED, "500");
        add(REFUSED, "503");
        add(SPOILS, AnswerTable.DONE + " to 7");
        add(SPOILS, AnswerTable.NOTHING);
        assertThat(table.calls()).isEqualTo(6);
        assertThat(table.unexpected()).isEqualTo(1);
        assertThat(table.reachedNobody()).isEmpty();
        assertThat(table.text())
                .contains(
                        "| refused | P1 | 4 | 422: 2, **500: 1**, 503: 1 | 4xx, 503 | 1.5 s |",
                        "| spoils | P1 | 2 | done to 7: 1, nothing: 1 |");
    }

    @Test
    void shouldNameACaseThatWasNeverCalled() {
        add(REFUSED, "422");
        assertThat(table.reachedNobody()).containsExactly("spoils: {}");
    }

    @Test
    void shouldNameACaseThatMetNothing() {
        add(REFUSED, AnswerTable.CUT);
        add(REFUSED, AnswerTable.LATE);
        add(SPOILS, AnswerTable.NOTHING);
        assertThat(table.reachedNobody())
                .containsExactly("refused: {cut=1, late=1}", "spoils: {nothing=1}");
    }

    @Test
    void shouldNameACaseThatWasNotLetIn() {
        HostileCase lists = of("lists", "200");
        AnswerTable other = new AnswerTable(List.of(lists));
        other.add(lists, "401", Duration.ZERO);
        other.add(lists, "404", Duration.ZERO);
        assertThat(other.reachedNobody()).containsExactly("lists: {401=1, 404=1}");
    }

    @Test
    void shouldNameACaseWhoseAddressIsWrong() {
        add(REFUSED, "404");
        add(REFUSED, "405");
        add(SPOILS, AnswerTable.DONE);
        assertThat(table.reachedNobody()).containsExactly("refused: {404=1, 405=1}");
        assertThat(table.unexpected()).as("the file allows any 4xx").isZero();
    }

    @Test
    void shouldTakeAnotherAnswerForOneThatReachedIt() {
        add(REFUSED, "202");
        add(SPOILS, AnswerTable.DONE);
        assertThat(table.reachedNobody()).isEmpty();
        assertThat(table.unexpected()).isEqualTo(1);
    }

    @Test
    void shouldTellTheStatusesOfABatch() {
        assertThat(
                        HostileDeeds.ofEach(
                                "{\"results\":[{\"index\":0,\"status\":422},{\"index\":1,\"status\":202},{\"index\":2,\"status\":202}]}"))
                .isEqualTo(" of 202 and 422");
        assertThat(HostileDeeds.ofEach("{\"status\":422}")).isEmpty();
    }
}
