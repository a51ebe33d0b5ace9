package io.windlass.cli;

import io.windlass.json.Json;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code windlass doctor}. */
@Command(
        name = "doctor",
        description = {
            "Tells what of the installation needs an operator, and what to do with each: rows that"
                    + " cannot be read, what is set aside, indexes that are not valid, and what stays"
                    + " different from the cluster.",
            "Exits 0 if there is nothing, 1 if there is something, or if the server cannot be asked."
        },
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
    private static final int MOST = 500;
    private static final String PATH = "/api/v1/problems?kind=rows&limit=" + MOST;

    private static final Map<String, String> WHAT_TO_DO =
            Map.of(
                    "CHECK_SET_ASIDE",
                    "it is tried again by itself, at least every hour, and at once where something is"
                            + " told of the job. Mend what the error says; messages-processor's log"
                            + " has more",
                    "JOB_SET_ASIDE",
                    "it has its answer and is only not deleted; it is tried again by itself, at"
                            + " least every hour. Where the error stays, mend what it says in the"
                            + " database",
                    "LOG_SET_ASIDE",
                    "it is tried again by itself, at least every hour, and nothing is lost while its"
                            + " gateway and its pod live. See whether the store of logs takes"
                            + " writes",
                    "SCHEDULE_SET_ASIDE",
                    "its instants wait and are accounted for once it works. Mend it: apply its"
                            + " definition again, or delete it",
                    "JOB_UNREADABLE",
                    "submit it again from its source, and delete it; it can be cancelled",
                    "SCHEDULE_UNREADABLE",
                    "apply its definition again from its source, or delete it",
                    "INDEX_INVALID",
                    "perhaps it is being built just now. Else drop it (drop index concurrently) and"
                            + " run the migrations again: they build it",
                    "DRIFT_UNKNOWN_JOB",
                    "no row knows these Jobs: a restored database, most often. They are left alone;"
                            + " delete with kubectl those that are nobody's",
                    "DRIFT_LEFT_ALONE",
                    "their cluster was declared lost and found again, and their jobs have ended. They"
                            + " are left alone; delete with kubectl those that nobody needs");

    private static final String DRIFT =
            "looks do not set it right: see whether messages-processor reaches the cluster, what its"
                    + " log says of this job, and who else writes to its Job";

    @Mixin private final Server server = new Server();

    @Spec private @Nullable CommandSpec spec;

    /** For people, or for programs. */
    enum Format {
        text,
        json
    }

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "${COMPLETION-CANDIDATES}; default: text",
            defaultValue = "text")
    private Format format = Format.text;

    @Override
    public Integer call() throws Refusal {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        boolean well = server.get(PATH).get("items") instanceof List<?> all && print(out, all);
        out.flush();
        return well ? 0 : 1;
    }

    /** Whether there is nothing to be done. */
    private boolean print(PrintWriter out, List<?> all) {
        if (format == Format.json) {
            out.println(Visible.of(Json.write(Map.of("items", all))));
            return all.isEmpty();
        }
        all.forEach(item -> print(out, Json.asObject(item)));
        if (all.size() >= MOST) {
            out.println("there may be more: ask again once these are done with");
        } else if (all.isEmpty()) {
            out.println(
                    "well: every row can be read, nothing is set aside, all indexes are valid, and"
                            + " the cluster is as the rows say");
        }
        return all.isEmpty();
    }

    private static void print(PrintWriter out, Map<String, @Nullable Object> item) {
        String problem = String.valueOf(item.get("class"));
        out.printf(
                "%s: %s%s%s%n",
                Visible.of(item.get("object")),
                Visible.of(problem),
                item.get("cluster") == null ? "" : " in cluster " + Visible.of(item.get("cluster")),
                item.get("since") == null ? "" : ", since " + Visible.of(item.get("since")));
        out.printf("  %s%n", Visible.of(item.get("cause")));
        out.printf("  to do: %s%n", WHAT_TO_DO.getOrDefault(problem, DRIFT));
    }
}
