package io.windlass.e2e.neighbour;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What the hostile ones did, and what they were answered. Many threads may add. */
final class AnswerTable {
    /** It had an effect that cannot be seen in an answer. */
    static final String DONE = "done";

    /** There was nothing to do it to. */
    static final String NOTHING = "nothing";

    /** The connection was closed without an answer, or in the middle of one. */
    static final String CUT = "cut";

    /** No answer came in time. */
    static final String LATE = "late";

    /** The API server did not take it. */
    static final String REFUSED = "refused";

    /** Where there is no other answer, the call went past what it was meant for. */
    private static final Set<String> MISSES =
            Set.of("401", "403", "404", "405", "415", CUT, LATE, REFUSED);

    private static final class Row {
        private final Map<String, Long> answers = new TreeMap<>();
        private long calls;
        private Duration slowest = Duration.ZERO;
    }

    private final Map<String, HostileCase> cases = new LinkedHashMap<>();
    private final Map<String, Row> rows = new LinkedHashMap<>();

    AnswerTable(List<HostileCase> all) {
        all.forEach(one -> {
            cases.put(one.name(), one);
            rows.put(one.name(), new Row());
        });
    }

    /** The kind may be followed by a blank and more. */
    synchronized void add(HostileCase one, String answer, Duration took) {
        Row row = row(one.name());
        row.calls++;
        row.answers.merge(answer, 1L, Long::sum);
        row.slowest = took.compareTo(row.slowest) > 0 ? took : row.slowest;
    }

    private Row row(String name) {
        Row row = rows.get(name);
        if (row == null) {
            throw new IllegalArgumentException("no such case: " + name);
        }
        return row;
    }

    /** Whether a kind of answer is one of those that are expected; {@code 4xx} is any such. */
    static boolean expected(List<String> expects, String answer) {
        String kind = kind(answer);
        return kind.equals(NOTHING)
                || expects.stream().anyMatch(e -> kind.matches(e.replace("x", "[0-9]")));
    }

    private static String kind(String answer) {
        int blank = answer.indexOf(' ');
        return blank < 0 ? answer : answer.substring(0, blank);
    }

    synchronized long calls() {
        return rows.values().stream().mapToLong(row -> row.calls).sum();
    }

    /** Answers of another kind than the file of the case says. */
    synchronized long unexpected() {
        return cases.values().stream()
                .flatMap(one ->
                        row(one.name()).answers.entrySet().stream()
                                .filter(answer -> !expected(one.expects(), answer.getKey())))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** Those that did not reach what they were meant for, so that nothing was shown by them. */
    synchronized List<String> reachedNobody() {
        List<String> names = new ArrayList<>();
        cases.forEach((name, one) -> {
            boolean reached =
                    row(name).answers.keySet().stream()
                            .filter(answer -> !answer.equals(NOTHING))
                            .anyMatch(answer ->
                                    one.expects().contains(kind(answer))
                                            || !MISSES.contains(kind(answer)));
            if (!reached) {
                names.add(name + ": " + row(name).answers);
            }
        });
        return names;
    }

    synchronized String text() {
        StringBuilder table =
                new StringBuilder(
                        "| hostile call | finding | times | answers | expected | slowest |\n"
                                + "| --- | --- | ---: | --- | --- | ---: |\n");
        cases.forEach((name, one) -> {
            Row row = row(name);
            List<String> answers = new ArrayList<>();
            row.answers.forEach((answer, times) -> {
                boolean as = expected(one.expects(), answer);
                answers.add((as ? "%s: %d" : "**%s: %d**").formatted(answer, times));
            });
            table.append(
                    "| %s | %s | %d | %s | %s | %.1f s |%n"
                            .formatted(
                                    name,
                                    one.finding(),
                                    row.calls,
                                    String.join(", ", answers),
                                    String.join(", ", one.expects()),
                                    row.slowest.toMillis() / 1e3));
        });
        return table.toString();
    }
}
