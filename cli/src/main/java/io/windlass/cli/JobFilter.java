package io.windlass.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which jobs; the server's own filters. */
final class JobFilter {
    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAME",
            description = "only those of this namespace")
    private @Nullable String namespace;

    @Option(
            names = "--state",
            paramLabel = "STATE",
            description = "QUEUED, STARTING, RUNNING, SUCCEEDED, FAILED, CANCELLED")
    private @Nullable String state;

    @Option(
            names = {"-l", "--label"},
            paramLabel = "KEY:VALUE",
            description = "key:value; may be repeated")
    private List<String> labels = List.of();

    @Option(names = "--name", paramLabel = "NAME", description = "only those of this name")
    private @Nullable String name;

    @Option(names = "--queue", paramLabel = "NAME", description = "only those of this queue")
    private @Nullable String queue;

    @Option(
            names = "--schedule",
            paramLabel = "NAMESPACE/NAME",
            description = "only those that this schedule made: namespace/name")
    private @Nullable String schedule;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "submitted then or later, such as 2026-01-31T08:00:00Z")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "TIME", description = "submitted before")
    private @Nullable String until;

    /** As the end of a query, each with a leading {@code &}. */
    String query() {
        List<String> pairs = new ArrayList<>();
        add(pairs, "namespace", namespace);
        add(pairs, "state", state);
        labels.forEach(label -> add(pairs, "label", label));
        add(pairs, "name", name);
        add(pairs, "queue", queue);
        add(pairs, "schedule", schedule);
        add(pairs, "since", since);
        add(pairs, "until", until);
        return String.join("", pairs);
    }

    private static void add(List<String> pairs, String key, @Nullable String value) {
        if (value != null) {
            pairs.add("&" + key + "=" + URLEncoder.encode(value, UTF_8));
        }
    }
}
