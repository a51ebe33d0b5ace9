package io.windlass.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What was measured: as a table for people, with the machine that it was measured on, and as
 * figures that a later run is compared with.
 */
final class Results {
    private record Row(String what, String windlass, String plain, String ratio) {}

    private final List<Row> rows = new ArrayList<>();
    private final List<Figure> figures = new ArrayList<>();
    private final List<String> beyond = new ArrayList<>();
    private String part = "";
    private String variant = "";

    /** What comes next belongs to this part of the benchmark. */
    void part(String name) {
        part = name;
        variant = "";
    }

    /** What comes next is measured with this. */
    void variant(String name) {
        variant = name + ": ";
    }

    /** A figure beside its plain counterpart; their ratio. */
    double compare(String what, double windlass, double plain, String unit) {
        double ratio = windlass / plain;
        add(
                new Row(
                        what,
                        number(windlass) + " " + unit,
                        number(plain) + " " + unit,
                        number(ratio)));
        return ratio;
    }

    void put(String what, String text) {
        add(new Row(what, text, "", ""));
    }

    /** For the next run to be compared with; what people read is put beside it. */
    void ratio(String name, Figure.Better better, double ratio) {
        figure(name, Figure.RATIO, better, ratio);
    }

    /** The same, of what has nothing plain beside it. */
    void figure(String name, String unit, Figure.Better better, double value) {
        figures.add(new Figure(part, variant + name, unit, better, value));
    }

    /** The milliseconds that so many of a hundred took at most. */
    void percentile(String name, int percent, Timings timings) {
        figure(
                name + ", p" + percent,
                "ms",
                Figure.Better.LOWER,
                timings.count() == 0 ? Double.NaN : timings.millis(percent));
    }

    /** What a promise of the documentation bounds, whatever the run before measured. */
    void bar(String name, double millis, Duration most) {
        if (millis > most.toMillis()) {
            beyond.add("%s: %.0f ms, the most is %d ms".formatted(name, millis, most.toMillis()));
        }
    }

    List<String> beyondTheirBars() {
        return List.copyOf(beyond);
    }

    List<Figure> figures() {
        return List.copyOf(figures);
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    private void add(Row row) {
        rows.add(row);
        System.out.printf(
                "[bench] %s: %s %s %s%n", row.what(), row.windlass(), row.plain(), row.ratio());
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 100 ? "%.2f" : "%.0f", value);
    }

    String table() throws IOException {
        StringBuilder out = new StringBuilder();
        out.append(machine()).append("\n\n");
        out.append("| what | Windlass | plain | ratio |\n| --- | --- | --- | --- |\n");
        for (Row row : rows) {
            out.append(
                    "| %s | %s | %s | %s |%n"
                            .formatted(row.what(), row.windlass(), row.plain(), row.ratio()));
        }
        return out.toString();
    }

    private static String machine() throws IOException {
        String cpu =
                Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                        .filter(line -> line.startsWith("model name"))
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .findFirst()
                        .orElse(System.getProperty("os.arch"));
        String memory =
                Files.readAllLines(Path.of("/proc/meminfo")).getFirst().replaceAll("\\D", "");
        return "%d cores (%s), %d GiB, Linux %s, Java %s; the load, PostgreSQL, the queue and the whole cluster run on it too."
                .formatted(
                        Runtime.getRuntime().availableProcessors(),
                        cpu,
                        Long.parseLong(memory) >> 20,
                        System.getProperty("os.version"),
                        Runtime.version());
    }
}
