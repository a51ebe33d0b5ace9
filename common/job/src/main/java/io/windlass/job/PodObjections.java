package io.windlass.job;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What of a job's pod its namespace's policy refuses, each named as the job named it: Pod
 * Security's "baseline", no rise of privileges, and nobody else's identity, node or priority.
 */
public final class PodObjections {
    private static final Set<String> SAFE_CAPABILITIES = Set.of("NET_BIND_SERVICE");
    private static final Set<String> SAFE_SELINUX_TYPES =
            Set.of("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t");
    private static final Set<String> SAFE_SYSCTLS =
            Set.of(
                    "kernel.shm_rmid_forced",
                    "net.ipv4.ip_local_port_range",
                    "net.ipv4.ip_unprivileged_port_start",
                    "net.ipv4.tcp_syncookies",
                    "net.ipv4.ping_group_range",
                    "net.ipv4.ip_local_reserved_ports",
                    "net.ipv4.tcp_keepalive_time",
                    "net.ipv4.tcp_fin_timeout",
                    "net.ipv4.tcp_keepalive_intvl",
                    "net.ipv4.tcp_keepalive_probes",
                    "net.ipv4.tcp_rmem",
                    "net.ipv4.tcp_wmem");

    private final PodPolicy policy;

    private PodObjections(PodPolicy policy) {
        this.policy = policy;
    }

    public static List<FieldError> to(JobSpec spec, PodPolicy policy) {
        List<FieldError> errors = new ArrayList<>();
        PodObjections objections = new PodObjections(policy);
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        String account = spec.placement().serviceAccountName();
        tree.put("serviceAccountName", account);
        switch (spec.pod()) {
            case PodShape.OneImage one -> {}
            case PodShape.Containers many -> tree.put("containers", many.containers());
            case PodShape.WholePod whole -> tree.put("podSpec", whole.podSpec());
        }
        Fields job = new Fields(tree, "", errors);
        Fields pod = job.object("podSpec");
        objections.pod(pod == null ? job : pod);
        return List.copyOf(errors);
    }

    private void pod(Fields pod) {
        for (String shared : List.of("hostNetwork", "hostPID", "hostIPC")) {
            refuseIf(isTrue(pod, shared), pod, shared, Allowance.HOST_NAMESPACES);
        }
        refuseIf(pod.has("nodeName"), pod, "nodeName", Allowance.NODE_NAME);
        refuseIf(
                pod.text("priorityClassName", "").startsWith("system-"),
                pod,
                "priorityClassName",
                Allowance.SYSTEM_PRIORITY);
        identity(pod);
        with(pod, "securityContext", this::confinement);
        with(pod, "securityContext", this::sysctls);
        each(pod, "volumes", volume -> volume(volume, pod.text("serviceAccountName")));
        each(pod, "containers", this::container);
        each(pod, "initContainers", this::container);
    }

    private void identity(Fields pod) {
        String account = pod.text("serviceAccountName");
        if (account != null
                && !account.equals("default")
                && !policy.allowsServiceAccount(account)) {
            pod.error(
                    "serviceAccountName",
                    "is not one that jobs may act by here; windlass.jobs.service-accounts names those");
        }
        if (isTrue(pod, "automountServiceAccountToken") && !policy.allowsServiceAccount(account)) {
            pod.error(
                    "automountServiceAccountToken",
                    "hands out the token of a ServiceAccount that windlass.jobs.service-accounts does not name");
        }
    }

    private void volume(Fields volume, @Nullable String account) {
        refuseIf(volume.has("hostPath"), volume, "hostPath", Allowance.HOST_PATH);
        with(
                volume,
                "projected",
                projected ->
                        each(
                                projected,
                                "sources",
                                source -> {
                                    if (source.has("serviceAccountToken")
                                            && !policy.allowsServiceAccount(account)) {
                                        source.error(
                                                "serviceAccountToken",
                                                "is of a ServiceAccount that windlass.jobs.service-accounts does not name");
                                    }
                                }));
    }

    private void container(Fields container) {
        with(container, "securityContext", this::confinement);
        with(container, "securityContext", this::privileges);
        each(
                container,
                "ports",
                port ->
                        refuseIf(
                                notZero(port, "hostPort"), port, "hostPort", Allowance.HOST_PORTS));
        for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
            with(container, probe, this::host);
        }
        with(
                container,
                "lifecycle",
                lifecycle -> {
                    with(lifecycle, "postStart", this::host);
                    with(lifecycle, "preStop", this::host);
                });
    }

    /** A kubelet would call there from the node's own network. */
    private void host(Fields handler) {
        for (String kind : List.of("httpGet", "tcpSocket")) {
            with(
                    handler,
                    kind,
                    call -> refuseIf(call.has("host"), call, "host", Allowance.PROBE_HOSTS));
        }
    }

    private void privileges(Fields security) {
        refuseIf(isTrue(security, "privileged"), security, "privileged", Allowance.PRIVILEGED);
        refuseIf(
                isTrue(security, "allowPrivilegeEscalation"),
                security,
                "allowPrivilegeEscalation",
                Allowance.PRIVILEGE_ESCALATION);
        refuseIf(
                !security.text("procMount", "Default").equals("Default"),
                security,
                "procMount",
                Allowance.UNCONFINED);
        with(
                security,
                "capabilities",
                capabilities ->
                        refuseIf(
                                !SAFE_CAPABILITIES.containsAll(capabilities.texts("add")),
                                capabilities,
                                "add",
                                Allowance.CAPABILITIES));
    }

    /** What a pod and a container say alike. */
    private void confinement(Fields security) {
        if (policy.runAsNonRoot()) {
            if (security.has("runAsUser") && !notZero(security, "runAsUser")) {
                security.error(
                        "runAsUser", "must not be root here (windlass.jobs.run-as-non-root)");
            }
            if (Boolean.FALSE.equals(security.typed("runAsNonRoot", Boolean.class, "a boolean"))) {
                security.error("runAsNonRoot", "must be true here (windlass.jobs.run-as-non-root)");
            }
        }
        for (String profile : List.of("seccompProfile", "appArmorProfile")) {
            with(
                    security,
                    profile,
                    p ->
                            refuseIf(
                                    p.text("type", "").equals("Unconfined"),
                                    p,
                                    "type",
                                    Allowance.UNCONFINED));
        }
        with(
                security,
                "seLinuxOptions",
                options -> {
                    refuseIf(
                            !SAFE_SELINUX_TYPES.contains(options.text("type", "")),
                            options,
                            "type",
                            Allowance.UNCONFINED);
                    refuseIf(options.has("user"), options, "user", Allowance.UNCONFINED);
                    refuseIf(options.has("role"), options, "role", Allowance.UNCONFINED);
                });
        with(
                security,
                "windowsOptions",
                options ->
                        refuseIf(
                                isTrue(options, "hostProcess"),
                                options,
                                "hostProcess",
                                Allowance.PRIVILEGED));
    }

    private void sysctls(Fields security) {
        each(
                security,
                "sysctls",
                sysctl ->
                        refuseIf(
                                !SAFE_SYSCTLS.contains(sysctl.text("name", "")),
                                sysctl,
                                "name",
                                Allowance.UNCONFINED));
    }

    private void refuseIf(boolean asked, Fields at, String field, Allowance thing) {
        if (asked && !policy.allows(thing)) {
            at.error(
                    field,
                    "is refused to jobs here; windlass.jobs.allow would have to say "
                            + thing.spelling());
        }
    }

    private static boolean isTrue(Fields at, String field) {
        return Boolean.TRUE.equals(at.typed(field, Boolean.class, "a boolean"));
    }

    private static boolean notZero(Fields at, String field) {
        BigDecimal number = at.typed(field, BigDecimal.class, "a number");
        return number != null && number.signum() != 0;
    }

    private static void with(Fields at, String field, Reader then) {
        Fields object = at.object(field);
        if (object != null) {
            then.read(object);
        }
    }

    private static void each(Fields at, String field, Reader then) {
        at.objects(
                field,
                item -> {
                    then.read(item);
                    return null;
                });
    }

    private interface Reader {
        void read(Fields at);
    }
}
