package io.windlass.simulator;

import io.windlass.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a manifest would do on a node, as far as the memory cluster understands it. */
record Script(
        boolean imageIsThere,
        Optional<String> secret,
        Duration runs,
        int exitCode,
        int backoffLimit,
        boolean exitIsFinal,
        Optional<Duration> deadline,
        Duration grace) {
    /** What is longer is never reached. */
    private static final Duration LONGEST_DEADLINE = Duration.ofHours(1);

    static Script of(Map<String, @Nullable Object> manifest) {
        Map<String, @Nullable Object> job = Json.asObject(manifest.get("spec"));
        Map<String, @Nullable Object> template = Json.asObject(job.get("template"));
        Map<String, @Nullable Object> pod = Json.asObject(template.get("spec"));
        Map<String, @Nullable Object> container = first(pod.get("containers"));
        String image = String.valueOf(container.get("image"));
        List<String> command =
                container.get("command") instanceof List<?> words
                        ? words.stream().map(String::valueOf).toList()
                        : List.of();
        boolean exitIsFinal = String.valueOf(job.get("podFailurePolicy")).contains("FailJob");
        return new Script(
                !image.contains("no-such") && !image.contains("status-404"),
                secret(container),
                runs(command),
                exitCode(command),
                Integer.parseInt(String.valueOf(job.get("backoffLimit"))),
                exitIsFinal,
                deadline(job),
                grace(pod));
    }

    private static Duration grace(Map<String, @Nullable Object> pod) {
        Object seconds = pod.get("terminationGracePeriodSeconds");
        return Duration.ofSeconds(seconds == null ? 30 : Long.parseLong(seconds.toString()));
    }

    private static Optional<Duration> deadline(Map<String, @Nullable Object> job) {
        Object seconds = job.get("activeDeadlineSeconds");
        return Optional.ofNullable(seconds)
                .map(s -> Duration.ofSeconds(Long.parseLong(s.toString())))
                .filter(deadline -> deadline.compareTo(LONGEST_DEADLINE) < 0);
    }

    private static Map<String, @Nullable Object> first(@Nullable Object list) {
        return list instanceof List<?> items && !items.isEmpty()
                ? Json.asObject(items.getFirst())
                : Map.of();
    }

    private static Optional<String> secret(Map<String, @Nullable Object> container) {
        Map<String, @Nullable Object> variable = first(container.get("env"));
        if (variable.get("valueFrom") instanceof Map<?, ?> from
                && from.get("secretKeyRef") instanceof Map<?, ?> reference) {
            return Optional.of(String.valueOf(reference.get("name")));
        }
        return Optional.empty();
    }

    private static Duration runs(List<String> command) {
        return command.size() == 2 && command.getFirst().equals("sleep")
                ? Duration.ofSeconds(Long.parseLong(command.get(1)))
                : Duration.ZERO;
    }

    private static int exitCode(List<String> command) {
        String last = command.isEmpty() ? "" : command.getLast();
        return last.startsWith("exit ") ? Integer.parseInt(last.substring(5)) : 0;
    }
}
