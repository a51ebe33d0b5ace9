package io.windlass.web;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Texts of bodies, most of them nearly right: each field is there now and then, sometimes of the
 * wrong kind, and somewhere deep inside are the extremes of JSON.
 */
class RandomRequests extends RandomJson {
    private static final String ACCOUNT = "robot";

    /** What Kubernetes has, and Windlass hands on, beside what is made below. */
    private static final List<String> CONTAINER_TREES =
            List.of(
                    "envFrom",
                    "resizePolicy",
                    "restartPolicyRules",
                    "volumeMounts",
                    "volumeDevices",
                    "livenessProbe",
                    "readinessProbe",
                    "startupProbe",
                    "lifecycle",
                    "securityContext",
                    "resources");

    private static final List<String> CONTAINER_TEXTS =
            List.of(
                    "workingDir",
                    "restartPolicy",
                    "terminationMessagePath",
                    "terminationMessagePolicy",
                    "imagePullPolicy");

    private static final List<String> CONTAINER_SWITCHES = List.of("stdin", "stdinOnce", "tty");

    private static final List<String> POD_TREES =
            List.of(
                    "volumes",
                    "nodeSelector",
                    "securityContext",
                    "imagePullSecrets",
                    "affinity",
                    "tolerations",
                    "hostAliases",
                    "dnsConfig",
                    "readinessGates",
                    "overhead",
                    "topologySpreadConstraints",
                    "os",
                    "schedulingGates",
                    "resourceClaims",
                    "resources");

    private static final List<String> POD_TEXTS =
            List.of(
                    "restartPolicy",
                    "dnsPolicy",
                    "nodeName",
                    "hostname",
                    "subdomain",
                    "schedulerName",
                    "priorityClassName",
                    "runtimeClassName",
                    "preemptionPolicy",
                    "hostnameOverride");

    private static final List<String> POD_SWITCHES =
            List.of(
                    "automountServiceAccountToken",
                    "hostNetwork",
                    "hostPID",
                    "hostIPC",
                    "shareProcessNamespace",
                    "enableServiceLinks",
                    "setHostnameAsFQDN",
                    "hostUsers");

    /** One that has the account which the requests name. */
    static WebServer server() {
        return new WebServer(Map.of("windlass.jobs.service-accounts", List.of("*:" + ACCOUNT)));
    }

    RandomRequests(long seed) {
        super(seed);
    }

    /** One of these now and then. */
    private String some(List<String> names, Supplier<String> value) {
        return one(2) ? "" : "," + quoted(of(names)) + ":" + value.get();
    }

    final String oddText(String right) {
        return quoted(one(10) ? text() : right);
    }

    private String oneOf(String... right) {
        return quoted(right[below(right.length)]);
    }

    private String variable() {
        String value =
                switch (below(8)) {
                    case 0 -> field("secretRef", () -> "{\"name\":\"s\",\"key\":\"k\"}");
                    case 1 -> field("configMapRef", () -> "{\"name\":\"c\",\"key\":\"k\"}");
                    default -> field("value", () -> oddText("v"));
                };
        return "{\"name\":\"A" + below(1_000_000) + "\"" + value + "}";
    }

    /** As Kubernetes has it. */
    private String ofAContainer() {
        return "{\"name\":\"A"
                + below(1_000_000)
                + "\""
                + (one(4) ? field("valueFrom", () -> tree(3)) : field("value", () -> oddText("v")))
                + "}";
    }

    private String container() {
        return "{\"name\":\"c"
                + below(1_000_000)
                + "\""
                + field("image", () -> quoted("b:1"))
                + perhaps("command", () -> list(() -> quoted("c")))
                + perhaps("args", () -> list(() -> oddText("arg")))
                + perhaps("env", () -> list(this::ofAContainer))
                + perhaps("ports", () -> "[{\"containerPort\":" + number() + "}]")
                + some(CONTAINER_TREES, () -> tree(4))
                + some(CONTAINER_TEXTS, () -> oddText("x"))
                + some(CONTAINER_SWITCHES, () -> "true")
                + "}";
    }

    private String containers() {
        return one(4) ? "[" + container() + "," + container() + "]" : "[" + container() + "]";
    }

    private String pod() {
        return "{\"containers\":"
                + containers()
                + perhaps("initContainers", this::containers)
                + perhaps("terminationGracePeriodSeconds", this::number)
                + some(POD_TREES, () -> tree(5))
                + some(POD_TEXTS, () -> oddText("x"))
                + (one(3) ? some(POD_SWITCHES, () -> one(2) ? "true" : "false") : "")
                + (one(8) ? field("serviceAccountName", () -> quoted(ACCOUNT)) : "")
                + "}";
    }

    private String image() {
        String name =
                one(4)
                        ? field("image", () -> quoted("busybox"))
                                + field("tag", () -> quoted("1.36"))
                        : field("image", () -> quoted("busybox:1.36"));
        return name
                + perhaps("command", () -> list(() -> quoted("c")))
                + perhaps("args", () -> list(() -> oddText("arg")))
                + perhaps("env", () -> list(this::variable))
                + perhaps("workingDir", () -> oddText("/tmp"))
                + perhaps("resources", () -> "{\"cpu\":\"500m\"}");
    }

    private String placement() {
        return perhaps("nodeSelector", () -> "{\"disk\":" + oddText("fast") + "}")
                + perhaps(
                        "tolerations",
                        () -> "[{\"key\":\"k\",\"tolerationSeconds\":" + number() + "}]")
                + perhaps("imagePullSecrets", () -> list(() -> oddText("pull")))
                + perhaps("serviceAccountName", () -> quoted(ACCOUNT))
                + perhaps("schedulerName", () -> oddText("other"));
    }

    private String limits() {
        return perhaps("maxRetries", () -> one(3) ? number() : "3")
                + perhaps("priority", () -> one(3) ? number() : "-5")
                + perhaps("timeout", () -> oddText("1h30m"))
                + perhaps("startTimeout", () -> oddText("10m"))
                + perhaps("onMissingConfig", () -> oneOf("fail", "wait"))
                + perhaps("parallelism", () -> one(3) ? number() : "2")
                + perhaps("completions", () -> one(3) ? number() : "4")
                + perhaps("completionMode", () -> oneOf("Indexed", "NonIndexed"));
    }

    /** The fields of a job but its name and namespace. */
    private String fields() {
        return switch (below(3)) {
                    case 0 -> image() + placement();
                    case 1 -> field("containers", this::containers) + placement();
                    default -> field("podSpec", this::pod);
                }
                + limits()
                + perhaps("queue", () -> oddText("q"))
                + perhaps("cluster", () -> quoted("local"))
                + perhaps("labels", () -> "{\"a\":" + oddText("b") + "}")
                + (one(100) ? "," + quoted(text()) + ":1" : "");
    }

    final String job(String name) {
        return "{\"name\":"
                + quoted(name)
                + perhaps("namespace", () -> oneOf("default", "team-a"))
                + fields()
                + "}";
    }

    private String when() {
        return (one(3)
                        ? field("cron", () -> oneOf("*/5 * * * *", "H 2 * * *", "0 0 30 2 *"))
                        : field("every", () -> oddText("1h")))
                + perhaps("timeZone", () -> oneOf("Europe/Berlin", "UTC", "Nowhere/At-All"))
                + perhaps("jitter", () -> quoted(one(2) ? "PT0.0001S" : "1m"))
                + perhaps("startAt", () -> quoted(time()))
                + perhaps("endAt", () -> quoted(time()));
    }

    final String counted(int right) {
        return one(5) ? number() : Integer.toString(right);
    }

    private String keep() {
        return "{\"succeeded\":"
                + counted(5)
                + perhaps("failed", () -> counted(0))
                + perhaps("age", () -> oddText("24h"))
                + "}";
    }

    final String schedule(String name) {
        return "{\"name\":"
                + quoted(name)
                + perhaps("namespace", () -> oneOf("default", "team-a"))
                + when()
                + perhaps("paused", () -> one(2) ? "true" : "false")
                + perhaps("concurrency", () -> oneOf("Allow", "Forbid", "Replace", "Queue"))
                + perhaps("startingDeadline", () -> oddText("10m"))
                + perhaps(
                        "catchUp",
                        () -> one(2) ? oneOf("none", "latest") : "{\"all\":" + counted(5) + "}")
                + perhaps("keep", this::keep)
                + perhaps("labels", () -> "{\"a\":\"b\"}")
                + ",\"job\":{\"name\":"
                + quoted(name)
                + fields()
                + "}}";
    }

    private String time() {
        return of(
                List.of(
                        "2027-01-01T00:00:00.123456789Z",
                        "+300000-01-01T00:00:00Z",
                        "-300000000-01-01T00:00:00Z",
                        "2027-01-01T00:00:00+18:00",
                        "9999-12-31T23:59:59.999999999Z",
                        "2027-01-01T00:00:00Z",
                        "soon"));
    }
}
