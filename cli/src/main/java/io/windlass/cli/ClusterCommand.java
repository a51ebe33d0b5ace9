package io.windlass.cli;

import java.io.PrintWriter;
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

/** {@code windlass cluster}: its subcommands are its methods. */
@Command(
        name = "cluster",
        description = "Shows clusters; declares one lost for good, or found again.",
        mixinStandardHelpOptions = true)
final class ClusterCommand implements Runnable {
    private static final String CLUSTERS = "/api/v1/clusters";

    @Spec private @Nullable CommandSpec spec;

    @Override
    public void run() {
        CommandLine.usage(this, System.out);
    }

    /** To people. */
    private void say(String text) {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        out.println(Visible.of(text));
        out.flush();
    }

    @Command(
            name = "list",
            description = "All, with their identities and when they answered last.",
            mixinStandardHelpOptions = true)
    int list(@Mixin Server server) throws Refusal {
        for (Map<String, @Nullable Object> cluster :
                Server.objects(server.get(CLUSTERS), "items")) {
            say(
                    "%s  %s  %s%s"
                            .formatted(
                                    cluster.get("name"),
                                    Objects.toString(cluster.get("identity"), "never answered"),
                                    heard(cluster),
                                    Boolean.TRUE.equals(cluster.get("paused")) ? ", paused" : ""));
            for (Map<String, @Nullable Object> lost : Server.objects(cluster, "lost")) {
                say("  " + lost(lost));
            }
        }
        return 0;
    }

    private static String heard(Map<String, @Nullable Object> cluster) {
        Object answers = cluster.get("answers");
        String last = "answered last at " + Objects.toString(cluster.get("heartbeatAt"), "no time");
        return answers != null && !answers.equals(cluster.get("identity"))
                ? "%s; now %s answers, since %s"
                        .formatted(last, answers, cluster.get("answersSince"))
                : last;
    }

    private static String lost(Map<String, @Nullable Object> lost) {
        String declared =
                "%s was declared lost at %s by %s"
                        .formatted(
                                lost.get("identity"),
                                lost.get("declaredAt"),
                                lost.get("declaredBy"));
        if (lost.get("foundAt") != null) {
            return "%s, and found at %s by %s"
                    .formatted(declared, lost.get("foundAt"), lost.get("foundBy"));
        }
        return lost.get("doneAt") != null
                ? declared
                : "%s; jobs that are still to be ended: %s".formatted(declared, lost.get("left"));
    }

    @Command(
            name = "declare-lost",
            description = {
                "Says that a cluster will not come back: its jobs end as FAILED, CLUSTER_LOST.",
                "",
                "Answers are final. Accepted only where it has not answered for 5 minutes while"
                        + " messages-processor asked. What is queued stays queued, and goes to the next"
                        + " cluster that answers under the name."
            },
            mixinStandardHelpOptions = true)
    int declareLost(
            @Mixin Server server,
            @Parameters(paramLabel = "NAME") String name,
            @Option(
                            names = "--identity",
                            paramLabel = "UID",
                            required = true,
                            description = "which cluster is meant: see windlass cluster list")
                    String identity,
            @Option(names = "--dry-run", description = "only tells what it would do")
                    boolean dryRun)
            throws Refusal {
        Map<String, @Nullable Object> answer =
                server.post(
                        path(name) + "/declare-lost" + (dryRun ? "?dryRun=true" : ""),
                        Map.of("identity", identity),
                        null);
        say(
                "cluster %s (%s)%s:"
                        .formatted(name, identity, dryRun ? ", if it were lost" : " is lost"));
        say("  %s jobs end as FAILED, CLUSTER_LOST".formatted(answer.get("failing")));
        say("  %s jobs end as CANCELLED".formatted(answer.get("cancelled")));
        say("  %s ended jobs are waited for no longer".formatted(answer.get("settled")));
        say("  %s jobs stay queued".formatted(answer.get("queued")));
        if (dryRun) {
            return dryRunTold(answer);
        }
        say(
                """
                What next:
                  windlass cluster list          how many are still to be ended
                  another cluster under the name its first answer takes the name, and what is queued goes there
                  if this one comes back         windlass cluster found %s --identity %s\
                """
                        .formatted(name, identity));
        return 0;
    }

    private int dryRunTold(Map<String, @Nullable Object> answer) {
        if (answer.get("missing") instanceof List<?> missing && !missing.isEmpty()) {
            say("It would be refused now:");
            missing.forEach(why -> say("  " + why));
            return 1;
        }
        say("Nothing was done. Without --dry-run it would be accepted now; answers are final.");
        return 0;
    }

    @Command(
            name = "found",
            description = {
                "Says that a cluster is there again that was declared lost.",
                "",
                "Work is done in it again, unless another cluster has taken its name. Answers stay: what"
                        + " still runs there is left alone."
            },
            mixinStandardHelpOptions = true)
    int found(
            @Mixin Server server,
            @Parameters(paramLabel = "NAME") String name,
            @Option(
                            names = "--identity",
                            paramLabel = "UID",
                            required = true,
                            description = "which cluster is meant: see windlass cluster list")
                    String identity)
            throws Refusal {
        server.post(path(name) + "/found", Map.of("identity", identity), null);
        say(
                """
                cluster %s (%s) is there again, and takes jobs.
                What next:
                  Jobs there whose jobs have ended as CLUSTER_LOST are left alone, and counted in windlass_status_drift:
                  kubectl get jobs -A -l windlass.io/job-id
                  delete those that nobody needs with kubectl delete job\
                """
                        .formatted(name, identity));
        return 0;
    }

    private static String path(String name) {
        return CLUSTERS + "/" + Server.step(name);
    }
}
