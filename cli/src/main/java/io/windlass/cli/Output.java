package io.windlass.cli;

import io.windlass.json.Json;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How answers are written: for people, or for programs. */
final class Output {
    /** The names of {@code -o}, in small letters. */
    enum Format {
        text,
        wide,
        json,
        yaml,
        name
    }

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "${COMPLETION-CANDIDATES}; default: text",
            defaultValue = "text")
    private Format format = Format.text;

    /** As what is asked for, unless that is for people. */
    private boolean forPrograms(PrintWriter out, @Nullable Object tree) {
        switch (format) {
            case json -> out.println(Visible.of(Json.write(tree)));
            case yaml -> out.print(Yaml.text(tree));
            case text, wide, name -> {
                return false;
            }
        }
        out.flush();
        return true;
    }

    /** A list: programs get {@code {"items":[...]}}. */
    void list(
            PrintWriter out,
            List<Map<String, @Nullable Object>> items,
            List<Table.Column> usual,
            List<Table.Column> wide) {
        if (forPrograms(out, Map.of("items", items))) {
            return;
        }
        if (format == Format.name) {
            for (Map<String, @Nullable Object> item : items) {
                out.println(name(item));
            }
        } else {
            Table.lines(format == Format.wide ? wide : usual, items, Colours.ofThisTerminal())
                    .forEach(out::println);
        }
        out.flush();
    }

    /** Something that has a form of its own for people. */
    void whole(PrintWriter out, Map<String, @Nullable Object> tree, Runnable forPeople) {
        if (forPrograms(out, tree)) {
            return;
        }
        if (format == Format.name) {
            out.println(name(Json.asObject(tree.get("job"))));
        } else {
            forPeople.run();
        }
        out.flush();
    }

    void job(PrintWriter out, Map<String, @Nullable Object> job) {
        if (forPrograms(out, job)) {
            return;
        }
        if (format == Format.name) {
            out.println(name(job));
            out.flush();
        } else {
            Printed.job(out, job);
        }
    }

    /** One of many that come one by one: a line each. */
    void line(PrintWriter out, Map<String, @Nullable Object> item, String text) {
        switch (format) {
            case json -> out.println(Visible.of(Json.write(item)));
            case yaml -> out.print("---\n" + Yaml.text(item));
            case name -> out.println(name(item));
            case text, wide -> out.println(text);
        }
        out.flush();
    }

    /** What a program hands on: an id, which of an event is its job's; of a pod its name. */
    private static String name(Map<String, @Nullable Object> item) {
        return Visible.of(
                Stream.of("id", "jobId", "name")
                        .map(item::get)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(""));
    }
}
