package io.windlass.podscheduler;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.windlass.podscheduler.choose.Policy;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command line; every option has its environment variable. */
@Command(
        name = "pod-scheduler",
        mixinStandardHelpOptions = true,
        version = "pod-scheduler of Windlass",
        sortOptions = false,
        description = {
            "Binds pods whose spec.schedulerName is its name to nodes: where a label of a node, an annotation"
                    + " or a rule says that they belong, or by a policy.",
            "Without --daemon: one pass, then the end; 0 if all was placed, 1 if something waits, 2 if it was"
                    + " called wrongly, 3 if the cluster could not be seen."
        })
public final class Application implements Callable<Integer> {
    static final int PLACED = 0;
    static final int SOME_WAIT = 1;
    static final int CALLED_WRONGLY = 2;
    static final int NOT_SEEN = 3;

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--name",
            defaultValue = "${env:SCHED_NAME:-pod-scheduler}",
            description = "The schedulerName of its pods (SCHED_NAME; ${DEFAULT-VALUE}).")
    String name = "";

    @Option(
            names = "--policy",
            defaultValue = "${env:SCHED_POLICY:-static}",
            description =
                    "static, static-then-spread, spread, binpack or random (SCHED_POLICY; ${DEFAULT-VALUE}).")
    String policy = "";

    @Option(
            names = "--rules",
            defaultValue = "${env:SCHED_RULES:-}",
            description =
                    "A file that says where pods of a name belong, reloaded on change (SCHED_RULES).")
    String rules = "";

    @Option(
            names = "--short-labels",
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "${env:SCHED_SHORT_LABELS:-false}",
            description =
                    "Takes rf.scheduler.NAME/POD in all namespaces, not only in the default one (SCHED_SHORT_LABELS).")
    boolean shortLabels;

    @Option(
            names = "--daemon",
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "${env:SCHED_DAEMON:-false}",
            description = "Goes on until it is ended, instead of one pass (SCHED_DAEMON).")
    boolean daemon;

    @Option(
            names = "--dry-run",
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "${env:SCHED_DRY_RUN:-false}",
            description = "Prints what it would bind, and changes nothing (SCHED_DRY_RUN).")
    boolean dryRun;

    @Option(
            names = "--delay",
            defaultValue = "${env:SCHED_DELAY:-10}",
            description =
                    "Seconds between the passes that back the watches up (SCHED_DELAY; ${DEFAULT-VALUE}).")
    int delay;

    @Option(
            names = "--kubeconfig",
            defaultValue = "${env:KUBECONFIG:-}",
            description = "Else KUBECONFIG, else what a pod is given.")
    String kubeconfig = "";

    @Option(
            names = "--incluster-base-path",
            defaultValue =
                    "${env:SCHED_INCLUSTER_BASE_PATH:-/var/run/secrets/kubernetes.io/serviceaccount}",
            description =
                    "Where a pod's token, ca.crt and namespace lie (SCHED_INCLUSTER_BASE_PATH; ${DEFAULT-VALUE}).")
    Path inCluster = Path.of("");

    @Option(
            names = "--leader-elect",
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "${env:SCHED_LEADER_ELECT:-true}",
            description =
                    "As a daemon, decides only while it holds a Lease (SCHED_LEADER_ELECT; ${DEFAULT-VALUE}).")
    boolean leaderElect;

    @Option(
            names = "--lease-namespace",
            defaultValue = "${env:SCHED_LEASE_NAMESPACE:-}",
            description =
                    "Where that Lease is, by its own name (SCHED_LEASE_NAMESPACE; the pod's or the kubeconfig's).")
    String leaseNamespace = "";

    @Option(
            names = "--lease-seconds",
            defaultValue = "${env:SCHED_LEASE_SECONDS:-15}",
            description =
                    "After how long another takes over (SCHED_LEASE_SECONDS; ${DEFAULT-VALUE}).")
    int leaseSeconds;

    @Option(
            names = "--at-once",
            defaultValue = "${env:SCHED_AT_ONCE:-64}",
            description = "Bindings that may be under way (SCHED_AT_ONCE; ${DEFAULT-VALUE}).")
    int atOnce;

    @Option(
            names = "--prometheus",
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "${env:SCHED_PROMETHEUS:-false}",
            description = "Serves /metrics, /healthz and /readyz as a daemon (SCHED_PROMETHEUS).")
    boolean prometheus;

    @Option(
            names = "--prometheus-port",
            defaultValue = "${env:SCHED_PROMETHEUS_PORT:-8000}",
            description = "There (SCHED_PROMETHEUS_PORT; ${DEFAULT-VALUE}).")
    int prometheusPort;

    @Option(
            names = "--bounded-labels",
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "${env:SCHED_BOUNDED_LABELS:-false}",
            description =
                    "Leaves pods' names out of metrics: there is no end of them (SCHED_BOUNDED_LABELS).")
    boolean boundedLabels;

    @Option(
            names = "-v",
            description =
                    "Says what becomes of each pod; -vv also what is asked of the API server.")
    boolean[] verbose = {};

    public static void main(String[] args) {
        System.exit(run(new Application(), new PrintWriter(System.err, true, UTF_8), args));
    }

    static int run(Application application, PrintWriter err, String... args) {
        return new CommandLine(application)
                .setErr(err)
                .setExecutionExceptionHandler((failure, line, parsed) -> {
                    if (failure instanceof IllegalArgumentException) {
                        line.getErr().println("pod-scheduler: " + failure.getMessage());
                        return CALLED_WRONGLY;
                    }
                    throw failure;
                })
                .execute(args);
    }

    @Override
    public Integer call() throws Exception {
        check();
        Verbosity.set(verbose.length);
        try (Scheduler scheduler = new Scheduler(this, out())) {
            return daemon ? scheduler.untilEnded() : scheduler.onePass();
        }
    }

    private void check() {
        Policy.of(policy);
        demand(
                name.matches("[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?"),
                "--name is part of labels: lower-case letters, digits, dots and dashes");
        demand(delay > 0, "--delay is a number of seconds above 0");
        demand(leaseSeconds >= 3, "--lease-seconds is 3 or more");
        demand(atOnce > 0, "--at-once is 1 or more");
        demand(
                prometheusPort >= 0 && prometheusPort <= 65_535,
                "--prometheus-port is 0 (any) to 65535");
    }

    private static void demand(boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException(what);
        }
    }

    Duration lease() {
        return Duration.ofSeconds(leaseSeconds);
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }
}
