package io.windlass.web;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Sets of schedules: some as they are, and some that a template makes. */
final class RandomSets extends RandomRequests {
    RandomSets(long seed) {
        super(seed);
    }

    private String parameter(String name) {
        return switch (below(6)) {
            case 0 ->
                    "{\"name\":\""
                            + name
                            + "\",\"type\":\"integer\",\"default\":"
                            + counted(3)
                            + "}";
            case 1 ->
                    "{\"name\":\""
                            + name
                            + "\",\"type\":\"number\",\"default\":"
                            + counted(3)
                            + "}";
            case 2 -> "{\"name\":\"" + name + "\",\"type\":\"boolean\",\"default\":true}";
            case 3 -> "{\"name\":\"" + name + "\",\"type\":\"duration\",\"default\":\"1m\"}";
            case 4 ->
                    "{\"name\":\""
                            + name
                            + "\",\"type\":\"strings\",\"default\":["
                            + oddText("s")
                            + "]}";
            default ->
                    "{\"name\":\""
                            + name
                            + "\",\"default\":"
                            + oddText("d")
                            + ",\"description\":\"d\"}";
        };
    }

    private String template(String name) {
        return "{\"name\":\"t\",\"parameters\":[{\"name\":\"target\"},"
                + parameter("more")
                + "],\"schedule\":{\"name\":\""
                + name
                + "-${target}\",\"every\":\"1h\",\"labels\":{\"a\":\"${target}\"}"
                + ",\"job\":{\"image\":\"b:1\",\"args\":[\"${target} of ${more}\",\"$${more}\"]"
                + perhaps("env", () -> "[{\"name\":\"A\",\"value\":\"${more}\"}]")
                + perhaps("maxRetries", () -> "\"${more}\"")
                + perhaps("timeout", () -> "\"${more}\"")
                + "}}}";
    }

    private String instance(int number) {
        return "{\"template\":"
                + (one(30) ? tree(1) : "\"t\"")
                + field("with", () -> "{\"target\":" + oddText("a" + number) + "}")
                + "}";
    }

    String set(String name) {
        List<String> schedules = new ArrayList<>();
        List<String> instances = new ArrayList<>();
        for (int i = below(3); i >= 0; i--) {
            schedules.add(schedule(name + "-" + i));
            instances.add(instance(i));
        }
        return "{\"set\":"
                + quoted(name)
                + (one(2) ? ",\"schedules\":" + joined(schedules) : "")
                + (one(4)
                        ? ""
                        : ",\"templates\":["
                                + template(name)
                                + "],\"instances\":"
                                + joined(instances))
                + perhaps("prune", () -> "true")
                + perhaps("force", () -> "false")
                + perhaps("dryRun", () -> "false")
                + "}";
    }

    private static String joined(List<String> items) {
        return items.stream().collect(Collectors.joining(",", "[", "]"));
    }
}
