package io.windlass.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What was measured, as a table, with the machine that it was measured on. */
final class Results {
    private record Row(String what, String windlass, String plain, String ratio) {}

    private final List<Row> rows = new ArrayList<>();

    /** A figure beside its plain counterpart. */
    void compare(String what, double windlass, double plain, String unit) {
        add(
                new Row(
                        what,
                        number(windlass) + " " + unit,
                        number(plain) + " " + unit,
                        number(windlass / plain)));
    }

    void put(String what, String figure) {
        add(new Row(what, figure, "", ""));
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
