package io.windlass.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
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

/** {@code windlass delete}. */
@Command(
        name = "delete",
        description = {
            "Deletes jobs that have ended, with their history and their logs.",
            "Asks first on a terminal; without one it wants --yes. Refuses a job that has not ended: cancel it first."
        },
        mixinStandardHelpOptions = true)
final class DeleteCommand implements Callable<Integer> {
    @Mixin private final Server server = new Server();

    @Spec private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "JOB", arity = "1..*", description = JobLookup.WHAT)
    private List<String> named = List.of();

    @Option(
            names = {"-y", "--yes"},
            description = "does not ask")
    private boolean yes;

    @Option(names = "--dry-run", description = "tells what would be deleted, and deletes nothing")
    private boolean dryRun;

    @Override
    public Integer call() throws Refusal {
        List<Map<String, @Nullable Object>> jobs = new ArrayList<>();
        for (String id : JobLookup.ids(server, named)) {
            jobs.add(server.get(Server.job(id)));
        }
        if (!dryRun && !yes && !agreed(jobs)) {
            throw new Refusal("nothing is deleted");
        }
        int code = 0;
        for (Map<String, @Nullable Object> job : jobs) {
            code = Math.max(code, delete(job));
        }
        return code;
    }

    private static boolean agreed(List<Map<String, @Nullable Object>> jobs) throws Refusal {
        StringBuilder question = new StringBuilder();
        for (Map<String, @Nullable Object> job : jobs) {
            question.append(told(job)).append('\n');
        }
        question.append(
                jobs.size() == 1
                        ? "Delete this job with its history and its logs?"
                        : "Delete these %d jobs with their history and their logs?"
                                .formatted(jobs.size()));
        return Terminal.agrees(Visible.of(question));
    }

    private int delete(Map<String, @Nullable Object> job) throws Refusal {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
        Object id = job.get("id");
        Map<String, @Nullable Object> answer =
                server.post(
                        "/api/v1/jobs:delete?id="
                                + Server.step(id)
                                + (dryRun ? "&dryRun=true" : ""),
                        null,
                        null);
        boolean matched = isOne(answer.get("matched"));
        if (matched && (dryRun || isOne(answer.get("done")))) {
            out.println(Visible.of(told(job) + (dryRun ? " would be deleted" : " is deleted")));
            out.flush();
            return 0;
        }
        err.println(
                Visible.of(
                        told(job)
                                + (matched
                                        ? " stays: its Kubernetes Job is still there; try again"
                                        : whyNot(job))));
        return 1;
    }

    private static String whyNot(Map<String, @Nullable Object> job) {
        return job.get("finishedAt") == null
                ? " has not ended: windlass cancel " + job.get("id")
                : " is not there any more";
    }

    private static boolean isOne(@Nullable Object count) {
        return count instanceof Number number && number.intValue() == 1;
    }

    private static String told(Map<String, @Nullable Object> job) {
        return "%s  %s/%s  %s"
                .formatted(job.get("id"), job.get("namespace"), job.get("name"), job.get("state"));
    }
}
