package io.windlass.cli;

import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code windlass describe}. */
@Command(
        name = "describe",
        description =
                "Shows all that is known of a job: its fields, its pods, and the latest of its history.",
        mixinStandardHelpOptions = true)
final class DescribeCommand implements Callable<Integer> {
    @Mixin private final Server server = new Server();

    @Spec private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "JOB", description = JobLookup.WHAT)
    private String named = "";

    @Option(
            names = "--events",
            paramLabel = "COUNT",
            description = "how many of its history; default: 20",
            defaultValue = "20")
    private int most = 20;

    @Mixin private final Output output = new Output();

    @Override
    public Integer call() throws Refusal {
        String id = JobLookup.id(server, named);
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("job", server.get(Server.job(id)));
        all.put("pods", PodsCommand.of(server, id));
        all.put("events", latest(id));
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        output.whole(out, all, () -> print(out, all));
        return 0;
    }

    private List<Map<String, @Nullable Object>> latest(String id) throws Refusal {
        Deque<Map<String, @Nullable Object>> latest = new ArrayDeque<>();
        Object cursor = null;
        do {
            Map<String, @Nullable Object> page =
                    server.get(
                            Server.job(id)
                                    + "/events"
                                    + (cursor == null ? "" : "?cursor=" + Server.step(cursor)));
            latest.addAll(Server.objects(page, "items"));
            while (latest.size() > Math.max(0, most)) {
                latest.removeFirst();
            }
            cursor = page.get("next");
        } while (cursor != null);
        return List.copyOf(latest);
    }

    private static void print(PrintWriter out, Map<String, @Nullable Object> all) {
        if (all.get("job") instanceof Map<?, ?> job) {
            job.forEach((field, value) -> field(out, "", field, value));
        }
        List<Map<String, @Nullable Object>> pods = Server.objects(all, "pods");
        section(out, "pods", pods, new PodTable(Instant.now()).usual());
        List<Table.Column> columns =
                List.of(
                        Table.Column.of("AT", "at"),
                        Table.Column.of("STATE", "to"),
                        Table.Column.of("REASON", "reason"),
                        Table.Column.of("MESSAGE", "message"));
        section(out, "events", Server.objects(all, "events"), columns);
    }

    /** What is not set is left out; objects are shown field by field. */
    private static void field(PrintWriter out, String indent, Object name, @Nullable Object value) {
        if (value instanceof Map<?, ?> object) {
            if (!object.isEmpty()) {
                out.println(Visible.of(indent + name + ":"));
                object.forEach((field, inner) -> field(out, indent + "  ", field, inner));
            }
        } else if (value instanceof List<?> list) {
            if (!list.isEmpty()) {
                out.println(Visible.of(indent + name + ":"));
                Yaml.text(list).lines().forEach(line -> out.println(indent + "  " + line));
            }
        } else if (value != null && !"".equals(value)) {
            String text = Visible.of(value).replace("\n", "\n" + indent + "  ");
            out.println(Visible.of(indent + name) + ": " + text);
        }
    }

    private static void section(
            PrintWriter out,
            String name,
            List<Map<String, @Nullable Object>> items,
            List<Table.Column> columns) {
        out.println();
        if (items.isEmpty()) {
            out.println(name + ": none");
            return;
        }
        out.println(name + ":");
        Table.lines(columns, items, Colours.ofThisTerminal())
                .forEach(line -> out.println("  " + line));
    }
}
