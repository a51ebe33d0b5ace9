package io.windlass.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The figures of a run beside those of the last one.
 *
 * @param worse each figure that is worse than its bound, is no number, or was not measured although
 *     its part was
 * @param unknown each figure that has no record yet
 */
record Comparison(List<String> worse, List<String> unknown) {
    /**
     * Generous, because machines and hours differ: what is worse than that is no noise. It says
     * nothing about what is a little slower.
     */
    static final double BOUND = 2;

    static Comparison of(List<Figure> figures, LastFigures last, Set<String> parts) {
        List<String> worse = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        for (Figure figure : figures) {
            LastFigures.Line line = last.lines().get(figure.key());
            if (!figure.isReal()) {
                worse.add(figure.key() + " is " + figure.value() + ", which is no measurement");
            } else if (line == null) {
                unknown.add(figure.key() + " is " + number(figure) + " and has no record yet");
            } else if (isWorse(figure, line.figure())) {
                worse.add(worse(figure, line));
            }
        }
        Set<Figure.Key> measured = figures.stream().map(Figure::key).collect(Collectors.toSet());
        last.lines().values().stream()
                .filter(line -> parts.contains(line.figure().part()))
                .filter(line -> !measured.contains(line.figure().key()))
                .forEach(line ->
                        worse.add(
                                line.figure().key()
                                        + " was not measured; its record is "
                                        + record(line)));
        return new Comparison(List.copyOf(worse), List.copyOf(unknown));
    }

    private static boolean isWorse(Figure figure, Figure last) {
        return switch (figure.better()) {
            case LOWER -> figure.value() > bound(last);
            case HIGHER -> figure.value() < bound(last);
        };
    }

    private static double bound(Figure last) {
        return switch (last.better()) {
            case LOWER -> last.value() * BOUND;
            case HIGHER -> last.value() / BOUND;
        };
    }

    private static String worse(Figure figure, LastFigures.Line line) {
        return "%s is %s; its record is %s; %s is better, and the bound is %s"
                .formatted(
                        figure.key(),
                        number(figure),
                        record(line),
                        figure.better().name().toLowerCase(Locale.ROOT),
                        number(bound(line.figure()), figure.unit()));
    }

    private static String record(LastFigures.Line line) {
        return "%s of %s at %s".formatted(number(line.figure()), line.date(), line.commit());
    }

    private static String number(Figure figure) {
        return number(figure.value(), figure.unit());
    }

    private static String number(double value, String unit) {
        return Figure.number(value) + (unit.equals(Figure.RATIO) ? "" : " " + unit);
    }
}
