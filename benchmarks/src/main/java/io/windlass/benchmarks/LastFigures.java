package io.windlass.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What was measured last: a figure in each line, with the day and the commit of its run. */
record LastFigures(Map<Figure.Key, Line> lines) {
    private static final int FIELDS = 7;

    private static final String HEADER =
            """
            # Each figure as it was measured last. A run in the full size compares with it (BenchIT) and writes it anew.
            # part\tfigure\tunit\tbetter\tvalue\tdate\tcommit
            """;

    record Line(Figure figure, String date, String commit) {}

    static LastFigures read(Path file) throws IOException {
        return Files.exists(file)
                ? parse(Files.readAllLines(file))
                : new LastFigures(new LinkedHashMap<>());
    }

    static LastFigures parse(List<String> text) {
        Map<Figure.Key, Line> lines = new LinkedHashMap<>();
        for (String line : text) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] f = line.split("\t", -1);
            if (f.length != FIELDS) {
                throw new IllegalArgumentException("not " + FIELDS + " fields: " + line);
            }
            Figure figure =
                    new Figure(
                            f[0],
                            f[1],
                            f[2],
                            Figure.Better.valueOf(f[3].toUpperCase(Locale.ROOT)),
                            Double.parseDouble(f[4]));
            if (lines.put(figure.key(), new Line(figure, f[5], f[6])) != null) {
                throw new IllegalArgumentException("it is there twice: " + line);
            }
        }
        return new LastFigures(lines);
    }

    /** With these instead of what was there; what was not measured stays as it is. */
    LastFigures with(List<Figure> figures, String date, String commit) {
        Map<Figure.Key, Line> all = new LinkedHashMap<>(lines);
        figures.forEach(figure -> all.put(figure.key(), new Line(figure, date, commit)));
        return new LastFigures(all);
    }

    List<String> text() {
        List<String> text = new ArrayList<>(HEADER.lines().toList());
        for (Line line : lines.values()) {
            Figure figure = line.figure();
            text.add(
                    String.join(
                            "\t",
                            figure.part(),
                            figure.name(),
                            figure.unit(),
                            figure.better().name().toLowerCase(Locale.ROOT),
                            Figure.number(figure.value()),
                            line.date(),
                            line.commit()));
        }
        return text;
    }

    void write(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, text());
    }
}
