package io.windlass.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What one job may cost, in numbers that no clock changes. Whatever was counted and has no line
 * here costs more than the budget allows.
 */
record Budget(Map<String, Line> lines) {
    static final Path FILE =
            Path.of(System.getProperty("windlass.root", ".."), "benchmarks", "budget.tsv");

    /** For each job; the least and the most are the same where the number is exact. */
    record Line(double least, double most) {
        private boolean holds(long count, int jobs) {
            return count >= Math.ceil(least * jobs - 1e-9)
                    && count <= Math.floor(most * jobs + 1e-9);
        }

        @Override
        public String toString() {
            return least == most ? "exactly " + most : least + " to " + most;
        }
    }

    static Budget read(Path file) throws IOException {
        return parse(Files.readAllLines(file));
    }

    /** Name, least, most and the reason, separated by tabs. */
    static Budget parse(List<String> text) {
        Map<String, Line> lines = new LinkedHashMap<>();
        for (String line : text) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] fields = line.split("\t", -1);
            if (fields.length != 4 || fields[3].isBlank()) {
                throw new IllegalArgumentException(
                        "not a name, the least, the most and a reason: " + line);
            }
            Line bounds = new Line(Double.parseDouble(fields[1]), Double.parseDouble(fields[2]));
            if (bounds.least() > bounds.most() || lines.put(fields[0], bounds) != null) {
                throw new IllegalArgumentException(
                        "the least is more than the most, or it is there twice: " + line);
            }
        }
        return new Budget(lines);
    }

    /** One sentence for each line that does not hold, and for each count that has no line. */
    List<String> violations(int jobs, Map<String, Long> counts) {
        List<String> violations = new ArrayList<>();
        for (String name : names(counts)) {
            long count = counts.getOrDefault(name, 0L);
            Line line = lines.get(name);
            if (line == null && count > 0) {
                violations.add("%s: %d, and the budget has no line for it".formatted(name, count));
            } else if (line != null && !line.holds(count, jobs)) {
                violations.add(
                        "%s: %d for %d jobs (%.2f each), the budget is %s"
                                .formatted(name, count, jobs, (double) count / jobs, line));
            }
        }
        return violations;
    }

    /** All that was counted beside its line: from it a new budget can be written. */
    String table(int jobs, Map<String, Long> counts) {
        StringBuilder table =
                new StringBuilder(
                        "| what | for %d jobs | each | budget |%n| --- | --- | --- | --- |%n"
                                .formatted(jobs));
        for (String name : names(counts)) {
            long count = counts.getOrDefault(name, 0L);
            Line line = lines.get(name);
            table.append(
                    "| %s | %d | %.2f | %s |%n"
                            .formatted(
                                    name,
                                    count,
                                    (double) count / jobs,
                                    line == null ? "none" : line));
        }
        return table.toString();
    }

    private Set<String> names(Map<String, Long> counts) {
        Set<String> names = new TreeSet<>(lines.keySet());
        names.addAll(counts.keySet());
        return names;
    }
}
