package io.windlass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableTest {
    private static final Instant NOW = Instant.parse("2026-01-02T00:00:00Z");

    private static Map<String, @Nullable Object> job(String name, String state) {
        Map<String, @Nullable Object> job = new HashMap<>();
        job.put("id", "id-of-" + name);
        job.put("namespace", "team");
        job.put("name", name);
        job.put("state", state);
        job.put("submittedAt", "2026-01-01T00:00:00Z");
        return job;
    }

    @Test
    void shouldBeAsWideAsWhatIsInIt() {
        Map<String, @Nullable Object> failed = job("a-long-name", "FAILED");
        failed.put("reason", "IMAGE_NOT_FOUND");
        failed.put("startedAt", "2026-01-01T00:00:05Z");
        failed.put("finishedAt", "2026-01-01T00:01:10Z");
        Map<String, @Nullable Object> starting = job("b", "STARTING");
        starting.put("waiting", Map.of("class", "CONFIG_MISSING"));
        assertThat(Table.lines(new JobTable(NOW).usual(), List.of(failed, starting), Colours.NONE))
                .containsExactly(
                        "ID        NAME              STATE     WHY              AGE   TOOK",
                        "ong-name  team/a-long-name  FAILED    IMAGE_NOT_FOUND  1d0h  1m5s",
                        "id-of-b   team/b            STARTING  CONFIG_MISSING   1d0h");
    }

    @Test
    void shouldColourStatesWithoutMovingWhatFollows() {
        String line =
                Table.lines(
                                List.of(
                                        Table.Column.of("STATE", "state"),
                                        Table.Column.of("NAME", "name")),
                                List.of(job("a", "FAILED")),
                                Colours.STATES)
                        .get(1);
        assertThat(line).isEqualTo("\u001b[31mFAILED\u001b[0m  a");
    }

    @Test
    void shouldKeepAMessageOfManyLinesOnOne() {
        Map<String, @Nullable Object> job = job("a", "FAILED");
        job.put("message", "one\n  two");
        assertThat(Table.lines(new JobTable(NOW).wide(), List.of(job), Colours.NONE))
                .hasSize(2)
                .last()
                .asString()
                .endsWith("one two");
    }

    @ParameterizedTest
    @CsvSource({
        "true, '', xterm, true",
        "false, '', xterm, false",
        "true, 1, xterm, false",
        "true, '', dumb, false"
    })
    void shouldColourOnlyForTerminalsThatWantIt(
            boolean terminal, String noColour, String term, boolean coloured) {
        assertThat(Colours.suit(terminal, Map.of("NO_COLOR", noColour, "TERM", term)))
                .isEqualTo(coloured);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-01T23:59:58Z, 2s",
        "2026-01-01T23:00:00Z, 1h0m",
        "2026-01-02T00:00:09Z, 0s",
        "rubbish, ''"
    })
    void shouldTellAgesInTheirTwoLargestUnits(String begin, String age) {
        assertThat(JobTable.since(begin, NOW)).isEqualTo(age);
    }
}
