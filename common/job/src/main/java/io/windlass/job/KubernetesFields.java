package io.windlass.job;

import java.util.Set;

/**
 * The fields of Kubernetes 1.36 that a job may pass on; a misspelt one is told before anything is
 * stored.
 */
final class KubernetesFields {
    static final Set<String> CONTAINER =
            Set.of(
                    "name",
                    "image",
                    "command",
                    "args",
                    "workingDir",
                    "ports",
                    "envFrom",
                    "env",
                    "resources",
                    "resizePolicy",
                    "restartPolicy",
                    "restartPolicyRules",
                    "volumeMounts",
                    "volumeDevices",
                    "livenessProbe",
                    "readinessProbe",
                    "startupProbe",
                    "lifecycle",
                    "terminationMessagePath",
                    "terminationMessagePolicy",
                    "imagePullPolicy",
                    "securityContext",
                    "stdin",
                    "stdinOnce",
                    "tty");

    static final Set<String> POD_SPEC =
            Set.of(
                    "volumes",
                    "initContainers",
                    "containers",
                    "restartPolicy",
                    "terminationGracePeriodSeconds",
                    "dnsPolicy",
                    "nodeSelector",
                    "serviceAccountName",
                    "automountServiceAccountToken",
                    "nodeName",
                    "hostNetwork",
                    "hostPID",
                    "hostIPC",
                    "shareProcessNamespace",
                    "securityContext",
                    "imagePullSecrets",
                    "hostname",
                    "subdomain",
                    "affinity",
                    "schedulerName",
                    "tolerations",
                    "hostAliases",
                    "priorityClassName",
                    "dnsConfig",
                    "readinessGates",
                    "runtimeClassName",
                    "enableServiceLinks",
                    "preemptionPolicy",
                    "overhead",
                    "topologySpreadConstraints",
                    "setHostnameAsFQDN",
                    "os",
                    "hostUsers",
                    "schedulingGates",
                    "resourceClaims",
                    "resources",
                    "hostnameOverride");

    static final Set<String> TOLERATION =
            Set.of("key", "operator", "value", "effect", "tolerationSeconds");

    private KubernetesFields() {}
}
