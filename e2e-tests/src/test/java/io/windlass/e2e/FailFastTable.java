package io.windlass.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a run has shown of every row, as docs/failures.md has it. */
record FailFastTable(List<FailFastRun.Verdict> verdicts, int divisor) {
    private static final Pattern BEGIN = Pattern.compile("<!-- made by .*fail-fast.* -->\n");
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

    /** The verdict that came latest after the time told for it. */
    static String latest(List<FailFastRun.Verdict> verdicts) {
        return late(
                verdicts.stream()
                        .map(FailFastRun.Verdict::late)
                        .max(Duration::compareTo)
                        .orElse(Duration.ZERO));
    }

    private static String late(Duration late) {
        return String.format(Locale.ROOT, "%.2f s", late.toMillis() / 1e3);
    }

    void writeToTheDocs() throws IOException {
        Path page = Path.of(System.getProperty("windlass.root", ".."), "docs", "failures.md");
        String text = Files.readString(page);
        Matcher begin = BEGIN.matcher(text);
        int end = text.indexOf(END);
        if (!begin.find() || end < begin.end()) {
            throw new IOException("no place for the table in " + page);
        }
        Files.writeString(
                page,
                text.substring(0, begin.end())
                        + "Run of "
                        + LocalDate.now(ZoneOffset.UTC)
                        + ", graces as shipped:\n\n"
                        + text()
                        + text.substring(end));
    }
}
