package io.windlass.cli;

import io.windlass.json.Json;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What applying a set does, for people. */
final class Difference {
    private final PrintWriter out;

    Difference(PrintWriter out) {
        this.out = out;
    }

    void print(Map<String, @Nullable Object> answer) {
        print("+", Server.objects(answer, "created"));
        print("~", Server.objects(answer, "updated"));
        print("-", Server.objects(answer, "removed"));
        out.printf(
                "%s %s: %d created, %d updated, %d removed, %s unchanged%n",
                Boolean.parseBoolean(String.valueOf(answer.get("dryRun")))
                        ? "dry run of set"
                        : "set",
                Visible.of(answer.get("set")),
                Server.objects(answer, "created").size(),
                Server.objects(answer, "updated").size(),
                Server.objects(answer, "removed").size(),
                answer.get("unchanged"));
        if (answer.get("refused") != null) {
            out.printf("this would be refused: %s%n", Visible.of(answer.get("refused")));
        }
    }

    private void print(String sign, List<Map<String, @Nullable Object>> steps) {
        for (Map<String, @Nullable Object> step : steps) {
            print(sign, step);
        }
    }

    private void print(String sign, Map<String, @Nullable Object> step) {
        out.printf(
                "%s %s/%s%n",
                sign, Visible.of(step.get("namespace")), Visible.of(step.get("name")));
        Server.objects(step, "changes")
                .forEach(change ->
                        out.printf(
                                "    %s: %s -> %s%n",
                                Visible.of(change.get("pointer")),
                                Visible.of(Json.write(change.get("before"))),
                                Visible.of(Json.write(change.get("after")))));
        instants("was", step, "before");
        instants("next", step, "after");
    }

    private void instants(String title, Map<String, @Nullable Object> step, String field) {
        if (step.get(field) == null) {
            return;
        }
        List<Map<String, @Nullable Object>> instants = Server.objects(step, field);
        out.printf(
                "    %s: %s%n",
                title,
                instants.isEmpty()
                        ? "nothing"
                        : String.join(
                                ", ",
                                instants.stream()
                                        .map(instant -> Visible.of(instant.get("plannedAt")))
                                        .toList()));
    }
}
