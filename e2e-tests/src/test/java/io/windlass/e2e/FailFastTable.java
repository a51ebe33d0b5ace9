package io.windlass.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/** What a run has shown of every row, as docs/failures.md has it. */
record FailFastTable(List<FailFastRun.Verdict> verdicts, int divisor) {
    private static final String BEGIN = "<!-- made by make fail-fast -->\n";
    private static final String END = "<!-- end -->\n";

    String text() {
        StringBuilder table =
                new StringBuilder(
                        "| signal | who says it | verdict | grace | from creation to `FAILED` | after the time told |\n"
                                + "| --- | --- | --- | --- | --- | --- |\n");
        for (FailFastRun.Verdict verdict : verdicts) {
            Way way = verdict.way();
            table.append(
                    String.format(
                            Locale.ROOT,
                            "| %s | %s | `%s` | %s | %.1f s | %s |%n",
                            way.signal(),
                            way.puppet() == null ? "the cluster" : "the test",
                            verdict.job().get("reason"),
                            way.grace().told(divisor),
                            verdict.life().toMillis() / 1e3,
                            way.grace() == Grace.AT_ONCE ? "–" : late(verdict.late())));
        }
        return table.toString();
    }

    private static String late(Duration late) {
        return String.format(Locale.ROOT, "%.2f s", late.toMillis() / 1e3);
    }

    void writeToTheDocs() throws IOException {
        Path page = Path.of(System.getProperty("windlass.root", ".."), "docs", "failures.md");
        String text = Files.readString(page);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        Files.writeString(
                page,
                text.substring(0, begin)
                        + BEGIN
                        + "Run of "
                        + LocalDate.now(ZoneOffset.UTC)
                        + ", graces as shipped:\n\n"
                        + text()
                        + text.substring(end));
    }
}
