package io.windlass.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Model.UsageMessageSpec;

/** Examples and exit codes, which the help of each command ends with. */
final class HelpTexts {
    /** By what is typed after {@code windlass}. */
    private static final Map<String, List<String>> EXAMPLES =
            Map.ofEntries(
                    Map.entry(
                            "",
                            List.of(
                                    "up",
                                    "submit --image busybox:1.36 --wait -- echo hi",
                                    "help submit")),
                    Map.entry(
                            "up",
                            List.of(
                                    "up",
                                    "up --port 0 --data /tmp/windlass",
                                    "up --context kind-kind")),
                    Map.entry(
                            "submit",
                            List.of(
                                    "submit --image busybox:1.36 -- sh -c 'sleep 2; echo hello'",
                                    "submit -f job.yaml --wait",
                                    "submit -f jobs/ -f more.json -n team-a -o name",
                                    "submit -f - --idempotency-key order-4711 < job.yaml")),
                    Map.entry(
                            "get",
                            List.of(
                                    "get 2f4e44ed",
                                    "get team-a/report -o yaml",
                                    "get report --wait")),
                    Map.entry(
                            "describe",
                            List.of("describe 2f4e44ed", "describe team-a/report --events 100")),
                    Map.entry(
                            "list",
                            List.of(
                                    "list",
                                    "list -n team-a --state FAILED -o wide",
                                    "list -l team:blue --all -o name")),
                    Map.entry("watch", List.of("watch", "watch 2f4e44ed report")),
                    Map.entry(
                            "events",
                            List.of(
                                    "events 2f4e44ed",
                                    "events -f -o json",
                                    "events --after CURSOR")),
                    Map.entry(
                            "logs",
                            List.of(
                                    "logs 2f4e44ed",
                                    "logs -f report",
                                    "logs report --tail 20 --timestamps")),
                    Map.entry(
                            "run",
                            List.of(
                                    "run --image busybox:1.36 -- sh -c 'echo hello; exit 3'",
                                    "run --cancel -f job.yaml")),
                    Map.entry("cancel", List.of("cancel 2f4e44ed", "cancel team-a/report")),
                    Map.entry("rerun", List.of("rerun 2f4e44ed", "rerun report --wait")),
                    Map.entry(
                            "delete",
                            List.of(
                                    "delete 2f4e44ed",
                                    "delete --yes report team-a/other",
                                    "delete --dry-run report")),
                    Map.entry("pods", List.of("pods 2f4e44ed", "pods report -o wide")),
                    Map.entry("problems", List.of("problems", "problems -o json")),
                    Map.entry("doctor", List.of("doctor", "doctor -o json")),
                    Map.entry("cluster", List.of("cluster list")),
                    Map.entry("cluster list", List.of("cluster list")),
                    Map.entry(
                            "cluster declare-lost",
                            List.of("cluster declare-lost east --identity 0b1c2d3e --dry-run")),
                    Map.entry("cluster found", List.of("cluster found east --identity 0b1c2d3e")),
                    Map.entry(
                            "apply",
                            List.of(
                                    "apply -f periodics --set team-a --dry-run",
                                    "apply -f periodics --set team-a --prune")),
                    Map.entry("schedule", List.of("schedule list", "schedule runs nightly")),
                    Map.entry(
                            "schedule list",
                            List.of("schedule list", "schedule list --set team-a")),
                    Map.entry("schedule runs", List.of("schedule runs team-a/nightly --limit 5")),
                    Map.entry("schedule preview", List.of("schedule preview nightly --next 3")),
                    Map.entry("schedule pause", List.of("schedule pause team-a/nightly")),
                    Map.entry("schedule resume", List.of("schedule resume team-a/nightly")),
                    Map.entry("schedule run", List.of("schedule run nightly --env DAY=monday")),
                    Map.entry("schedule delete", List.of("schedule delete team-a/nightly")),
                    Map.entry("context", List.of("context list", "context use prod")),
                    Map.entry("context list", List.of("context list")),
                    Map.entry(
                            "context set",
                            List.of("context set prod --server https://jobs.example.com")),
                    Map.entry("context use", List.of("context use prod")),
                    Map.entry("context delete", List.of("context delete prod")),
                    Map.entry("completion", List.of("completion")),
                    Map.entry("help", List.of("help", "help submit", "help schedule runs")),
                    Map.entry("version", List.of("version")));

    private static final Map<String, String> EXIT_CODES =
            codes(
                    "0", "it is done",
                    "1", "the server refused, or could not be asked",
                    "2", "called wrongly");

    /** Of those whose codes say more. */
    private static final Map<String, Map<String, String>> OTHER_EXIT_CODES =
            Map.of(
                    "run",
                    codes(
                            "0", "the job has succeeded",
                            "N", "the job's own exit code",
                            "1",
                                    "the server refused, or could not be asked, or the job has no code of its own",
                            "2", "called wrongly",
                            "125", "the job could never run"),
                    "submit",
                    ofWaiting(),
                    "get",
                    ofWaiting(),
                    "rerun",
                    ofWaiting(),
                    "watch",
                    ofWaiting(),
                    "delete",
                    codes(
                            "0", "they are deleted",
                            "1",
                                    "one of them is not: it has not ended, nobody agreed, or the server refused",
                            "2", "called wrongly"),
                    "doctor",
                    codes(
                            "0", "there is nothing to be done",
                            "1", "there is something, or the server cannot be asked",
                            "2", "called wrongly"),
                    "apply",
                    codes(
                            "0", "it is done, or would be",
                            "1", "the server refused, or could not be asked",
                            "2", "called wrongly"));

    private HelpTexts() {}

    private static Map<String, String> ofWaiting() {
        return codes(
                "0", "it is done",
                "1",
                        "the server refused, could not be asked, or a job that was waited for has not succeeded",
                "2", "called wrongly");
    }

    private static Map<String, String> codes(String... pairs) {
        Map<String, String> codes = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            codes.put(pairs[i], pairs[i + 1]);
        }
        return codes;
    }

    /** Of a command with all that are below it. */
    static void add(CommandLine command, String path) {
        List<String> examples = examples(path);
        UsageMessageSpec usage = command.getCommandSpec().usageMessage();
        usage.exitCodeListHeading("%nExit codes:%n");
        usage.exitCodeList(Objects.requireNonNullElse(OTHER_EXIT_CODES.get(path), EXIT_CODES));
        if (!examples.isEmpty()) {
            usage.footerHeading("%nExamples:%n");
            usage.footer(
                    examples.stream().map(line -> "  windlass " + line).toArray(String[]::new));
        }
        command.getSubcommands()
                .forEach((name, below) -> {
                    if (name.equals(below.getCommandName())) {
                        add(below, path.isEmpty() ? name : path + " " + name);
                    }
                });
    }

    static List<String> examples(String path) {
        return Objects.requireNonNullElse(EXAMPLES.get(path), List.of());
    }
}
