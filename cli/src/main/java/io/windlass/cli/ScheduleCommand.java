package io.windlass.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code windlass schedule}: its subcommands are its methods. */
@Command(
        name = "schedule",
        description =
                "Shows schedules, their ledger and their next instants; pauses, resumes and runs them.",
        mixinStandardHelpOptions = true)
final class ScheduleCommand implements Runnable {
    private static final String SCHEDULES = "/api/v1/schedules";

    @Spec private @Nullable CommandSpec spec;

    @Override
    public void run() {
        CommandLine.usage(this, System.out);
    }

    /** To people; what comes from the server may hold what a job wrote. */
    private void say(String text) {
        out().print(Visible.of(text));
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }

    @Command(name = "list", description = "All, by name.", mixinStandardHelpOptions = true)
    int list(
            @Mixin Server server,
            @Option(names = "--set", paramLabel = "NAME", description = "only those of this set")
                    @Nullable String set)
            throws Refusal {
        String query = set == null ? "" : "&set=" + Server.step(set);
        for (Map<String, @Nullable Object> schedule :
                server.items(SCHEDULES, query, Integer.MAX_VALUE)) {
            Object timing = schedule.get("cron");
            say(
                    "%s/%s  %s %s  %s  %s%n"
                            .formatted(
                                    schedule.get("namespace"),
                                    schedule.get("name"),
                                    timing == null ? "every " + schedule.get("every") : timing,
                                    schedule.get("timeZone"),
                                    schedule.get("nextAt") == null
                                            ? (paused(schedule) ? "paused" : "nothing is to come")
                                            : "next " + schedule.get("nextAt"),
                                    troubles(schedule)));
        }
        out().flush();
        return 0;
    }

    private static boolean paused(Map<String, @Nullable Object> schedule) {
        return Boolean.TRUE.equals(schedule.get("paused"));
    }

    private static String troubles(Map<String, @Nullable Object> schedule) {
        return schedule.get("health") instanceof Map<?, ?> health
                        && health.get("troubles") instanceof List<?> troubles
                        && !troubles.isEmpty()
                ? String.join(" ", troubles.stream().map(String::valueOf).toList())
                : "";
    }

    @Command(
            name = "runs",
            description = "What became of its instants, the latest first.",
            mixinStandardHelpOptions = true)
    int runs(
            @Mixin Server server,
            @Parameters(paramLabel = "[NAMESPACE/]NAME") String name,
            @Option(
                            names = "--limit",
                            paramLabel = "COUNT",
                            defaultValue = "20",
                            description = "default: 20")
                    int limit)
            throws Refusal {
        for (Map<String, @Nullable Object> run :
                Server.objects(server.get(path(name) + "/runs?limit=" + limit), "items")) {
            say(
                    "%s  %s  %s%n"
                            .formatted(
                                    run.get("until") == null
                                            ? run.get("plannedAt")
                                            : run.get("plannedAt")
                                                    + " to "
                                                    + run.get("until")
                                                    + " ("
                                                    + run.get("instants")
                                                    + ")",
                                    run.get("verdict"),
                                    run.get("jobId") == null
                                            ? Objects.toString(run.get("message"), "")
                                            : run.get("jobId")
                                                    + " "
                                                    + run.get("jobState")
                                                    + ", late by "
                                                    + run.get("lateBy")));
        }
        out().flush();
        return 0;
    }

    @Command(
            name = "preview",
            description = "Its next instants, in UTC and in local time.",
            mixinStandardHelpOptions = true)
    int preview(
            @Mixin Server server,
            @Parameters(paramLabel = "[NAMESPACE/]NAME") String name,
            @Option(
                            names = "--next",
                            paramLabel = "COUNT",
                            defaultValue = "10",
                            description = "default: 10")
                    int next)
            throws Refusal {
        for (Map<String, @Nullable Object> planned :
                Server.objects(server.get(path(name) + "/preview?next=" + next), "items")) {
            say(
                    "%s  %s  %s%n"
                            .formatted(
                                    planned.get("plannedAt"),
                                    planned.get("local"),
                                    Objects.toString(planned.get("note"), "")));
        }
        out().flush();
        return 0;
    }

    @Command(
            name = "pause",
            description = "Skips all its instants.",
            mixinStandardHelpOptions = true)
    int pause(@Mixin Server server, @Parameters(paramLabel = "[NAMESPACE/]NAME") String name)
            throws Refusal {
        return act(server, name, "pause");
    }

    @Command(
            name = "resume",
            description = "Goes on with its next instant.",
            mixinStandardHelpOptions = true)
    int resume(@Mixin Server server, @Parameters(paramLabel = "[NAMESPACE/]NAME") String name)
            throws Refusal {
        return act(server, name, "resume");
    }

    private int act(Server server, String name, String action) throws Refusal {
        Map<String, @Nullable Object> schedule = server.post(path(name) + "/" + action, null, null);
        say(
                "%s/%s %s%n"
                        .formatted(
                                schedule.get("namespace"),
                                schedule.get("name"),
                                paused(schedule)
                                        ? "is paused"
                                        : "goes on, next " + schedule.get("nextAt")));
        out().flush();
        return 0;
    }

    @Command(
            name = "run",
            description = "Runs it now, besides its instants.",
            mixinStandardHelpOptions = true)
    int runNow(
            @Mixin Server server,
            @Parameters(paramLabel = "[NAMESPACE/]NAME") String name,
            @Option(
                            names = "--env",
                            paramLabel = "NAME=VALUE",
                            description = "NAME=value; may be repeated")
                    @Nullable Map<String, String> env,
            @Option(
                            names = "--idempotency-key",
                            paramLabel = "KEY",
                            description = "the same key makes the same job")
                    @Nullable String key)
            throws Refusal {
        Map<String, Object> job = new LinkedHashMap<>();
        if (env != null) {
            job.put("env", Server.variables(env));
        }
        Printed.job(out(), server.post(path(name) + "/run", Map.of("job", job), key));
        return 0;
    }

    @Command(
            name = "delete",
            description = "Deletes it with its ledger; its jobs stay.",
            mixinStandardHelpOptions = true)
    int delete(@Mixin Server server, @Parameters(paramLabel = "[NAMESPACE/]NAME") String name)
            throws Refusal {
        server.delete(path(name));
        out().println(name + " is deleted");
        out().flush();
        return 0;
    }

    private static String path(String name) {
        int slash = name.indexOf('/');
        return SCHEDULES
                + "/"
                + (slash < 0 ? "default" : Server.step(name.substring(0, slash)))
                + "/"
                + Server.step(name.substring(slash + 1));
    }
}
