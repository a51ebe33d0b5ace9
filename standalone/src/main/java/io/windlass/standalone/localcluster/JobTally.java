package io.windlass.standalone.localcluster;

import io.windlass.json.Json;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A Job's status while it is being worked out: counts, conditions, indexes that are done. */
final class JobTally {
    private final Stored job;
    private String startTime;
    private final List<Object> conditions = new ArrayList<>();
    private final TreeSet<Integer> completedIndexes = new TreeSet<>();
    private int succeeded;
    private int failed;
    private @Nullable String completionTime;
    private @Nullable Instant lastFailure;

    JobTally(Stored job) {
        this.job = job;
        this.startTime =
                job.at("status", "startTime") instanceof String start ? start : ObjectStore.now();
        this.succeeded = number(job.at("status", "succeeded"), 0);
        this.failed = number(job.at("status", "failed"), 0);
        this.completionTime = job.at("status", "completionTime") instanceof String end ? end : null;
        this.lastFailure =
                job.at("status", "lastFailureTime") instanceof String at ? Instant.parse(at) : null;
        if (job.at("status", "conditions") instanceof List<?> known) {
            conditions.addAll(known);
        }
        if (job.at("status", "completedIndexes") instanceof String done && !done.isEmpty()) {
            for (String index : done.split(",", -1)) {
                completedIndexes.add(Integer.valueOf(index));
            }
        }
    }

    private static int number(@Nullable Object value, int otherwise) {
        return value instanceof Number number ? number.intValue() : otherwise;
    }

    Instant startTime() {
        return Instant.parse(startTime);
    }

    int parallelism() {
        return number(job.at("spec", "parallelism"), 1);
    }

    int completions() {
        return number(job.at("spec", "completions"), 1);
    }

    int succeeded() {
        return indexed() ? completedIndexes.size() : succeeded;
    }

    int failed() {
        return failed;
    }

    @Nullable Instant lastFailure() {
        return lastFailure;
    }

    boolean indexed() {
        return "Indexed".equals(job.at("spec", "completionMode"));
    }

    List<Integer> openIndexes(List<Stored> active) {
        Set<Integer> taken = new HashSet<>(completedIndexes);
        active.forEach(pod -> taken.add(JobController.index(pod)));
        return IntStream.range(0, completions()).boxed().filter(i -> !taken.contains(i)).toList();
    }

    void count(Stored pod) {
        if ("Succeeded".equals(pod.at("status", "phase"))) {
            succeeded++;
            Integer index = JobController.index(pod);
            if (index != null) {
                completedIndexes.add(index);
            }
            return;
        }
        switch (policy(pod)) {
            case "Ignore" -> lastFailure = Instant.now();
            case "FailJob" -> {
                failed++;
                fail("PodFailurePolicy", policyMessage(pod));
            }
            default -> {
                failed++;
                lastFailure = Instant.now();
            }
        }
    }

    private String policy(Stored pod) {
        if (job.at("spec", "podFailurePolicy", "rules") instanceof List<?> rules) {
            for (Object item : rules) {
                Map<String, @Nullable Object> rule = Json.asObject(item);
                if (matches(rule, pod)) {
                    return String.valueOf(rule.get("action"));
                }
            }
        }
        return "Count";
    }

    private static boolean matches(Map<String, @Nullable Object> rule, Stored pod) {
        if (rule.get("onPodConditions") instanceof List<?> wanted) {
            return wanted.stream().anyMatch(want -> hasCondition(pod, Json.asObject(want)));
        }
        if (rule.get("onExitCodes") instanceof Map<?, ?> onCodes
                && onCodes.get("values") instanceof List<?> values) {
            boolean in = "In".equals(onCodes.get("operator"));
            return exitCodes(pod).stream()
                    .filter(code -> code != 0)
                    .anyMatch(code -> values.contains(BigDecimal.valueOf(code)) == in);
        }
        return false;
    }

    private static boolean hasCondition(Stored pod, Map<String, @Nullable Object> want) {
        return pod.at("status", "conditions") instanceof List<?> conditions
                && conditions.stream()
                        .map(Json::asObject)
                        .anyMatch(c ->
                                String.valueOf(want.get("type")).equals(c.get("type"))
                                        && String.valueOf(want.get("status"))
                                                .equals(c.get("status")));
    }

    private static List<Integer> exitCodes(Stored pod) {
        List<Integer> codes = new ArrayList<>();
        for (String statuses : List.of("initContainerStatuses", "containerStatuses")) {
            if (pod.at("status", statuses) instanceof List<?> list) {
                for (Object item : list) {
                    if (Json.asObject(item).get("state") instanceof Map<?, ?> state
                            && state.get("terminated") instanceof Map<?, ?> ended) {
                        codes.add(number(ended.get("exitCode"), 0));
                    }
                }
            }
        }
        return codes;
    }

    private String policyMessage(Stored pod) {
        int code = exitCodes(pod).stream().filter(c -> c != 0).findFirst().orElse(0);
        return "Container for pod %s/%s failed with exit code %d matching FailJob rule"
                .formatted(pod.namespace(), pod.name(), code);
    }

    void fail(String reason, String message) {
        if (!decided()) {
            condition("FailureTarget", reason, message);
        }
    }

    void checkLimits() {
        if (!decided() && failed > number(job.at("spec", "backoffLimit"), 6)) {
            fail("BackoffLimitExceeded", "Job has reached the specified backoff limit");
        } else if (!decided() && succeeded() >= completions()) {
            condition(
                    "SuccessCriteriaMet",
                    "CompletionsReached",
                    "Reached expected number of succeeded pods");
        }
    }

    /** Its clock begins anew when it is resumed. */
    void suspended(boolean now) {
        Object known = find("Suspended");
        boolean was = known != null && "True".equals(Json.asObject(known).get("status"));
        if (was == now) {
            return;
        }
        conditions.remove(known);
        if (now) {
            condition("Suspended", "True", "JobSuspended", "Job suspended");
        } else {
            condition("Suspended", "False", "JobResumed", "Job resumed");
            startTime = ObjectStore.now();
        }
    }

    boolean decided() {
        return has("FailureTarget") || has("SuccessCriteriaMet");
    }

    boolean finished() {
        return has("Complete") || has("Failed");
    }

    /** Once no pod is active any more, as in Kubernetes. */
    void finish() {
        if (has("SuccessCriteriaMet")) {
            condition(
                    "Complete", "CompletionsReached", "Reached expected number of succeeded pods");
            completionTime = ObjectStore.now();
        } else {
            Map<String, @Nullable Object> target = Json.asObject(find("FailureTarget"));
            condition(
                    "Failed",
                    String.valueOf(target.get("reason")),
                    String.valueOf(target.get("message")));
        }
    }

    private boolean has(String type) {
        return find(type) != null;
    }

    private @Nullable Object find(String type) {
        return conditions.stream()
                .filter(c -> type.equals(Json.asObject(c).get("type")))
                .findFirst()
                .orElse(null);
    }

    private void condition(String type, String reason, String message) {
        condition(type, "True", reason, message);
    }

    private void condition(String type, String status, String reason, String message) {
        conditions.add(
                Map.of(
                        "type",
                        type,
                        "status",
                        status,
                        "reason",
                        reason,
                        "message",
                        message,
                        "lastProbeTime",
                        ObjectStore.now(),
                        "lastTransitionTime",
                        ObjectStore.now()));
    }

    Map<String, @Nullable Object> status(int active) {
        Map<String, @Nullable Object> status = new LinkedHashMap<>();
        status.put("startTime", startTime);
        if (active > 0) {
            status.put("active", active);
        }
        if (succeeded > 0) {
            status.put("succeeded", succeeded);
        }
        if (failed > 0) {
            status.put("failed", failed);
        }
        if (lastFailure != null) {
            status.put("lastFailureTime", lastFailure.toString());
        }
        if (!completedIndexes.isEmpty()) {
            status.put(
                    "completedIndexes",
                    String.join(",", completedIndexes.stream().map(String::valueOf).toList()));
        }
        if (completionTime != null) {
            status.put("completionTime", completionTime);
        }
        if (!conditions.isEmpty()) {
            status.put("conditions", List.copyOf(conditions));
        }
        return status;
    }
}
