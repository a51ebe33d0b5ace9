package io.windlass.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Objects as lines under headings, each column as wide as its widest. */
final class Table {
    /** What one column shows of an object. */
    record Column(String heading, Function<Map<String, @Nullable Object>, String> cell) {
        static Column of(String heading, String field) {
            return new Column(heading, object -> Objects.toString(object.get(field), ""));
        }
    }

    private Table() {}

    static List<String> lines(
            List<Column> columns, List<Map<String, @Nullable Object>> objects, Colours colours) {
        List<List<String>> rows = new ArrayList<>();
        for (Map<String, @Nullable Object> object : objects) {
            rows.add(columns.stream().map(c -> oneLine(c.cell().apply(object))).toList());
        }
        int[] widths =
                columns.stream()
                        .mapToInt(c -> width(columns.indexOf(c), c.heading(), rows))
                        .toArray();
        List<String> headings = columns.stream().map(Column::heading).toList();
        List<String> lines = new ArrayList<>();
        lines.add(line(headings, widths, Colours.NONE));
        rows.forEach(row -> lines.add(line(row, widths, colours)));
        return lines;
    }

    private static int width(int column, String heading, List<List<String>> rows) {
        return rows.stream()
                .mapToInt(row -> row.get(column).length())
                .reduce(heading.length(), Math::max);
    }

    private static String line(List<String> cells, int[] widths, Colours colours) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = cells.get(i);
            line.append(colours.of(cell)).append(" ".repeat(widths[i] - cell.length() + 2));
        }
        return line.toString().stripTrailing();
    }

    private static String oneLine(String text) {
        return Visible.of(text.replaceAll("\\s+", " "));
    }
}
