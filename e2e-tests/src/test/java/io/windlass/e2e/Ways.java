package io.windlass.e2e;

import static io.windlass.e2e.Grace.*;

import io.windlass.harness.Api;
import io.windlass.harness.FailingRegistry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Every row of the page of failures that can be brought about. */
final class Ways {
    /** Answers pulls as the repository's name asks for; null where there is none. */
    static final String REGISTRY = FailingRegistry.address().orElse(null);

    static final String NO_HANDLER = "windlass-test-no-handler";
    private static final Map<String, Object> ABSENT = Map.of("name", "absent");

    private Ways() {}

    /** The kubelet says it. */
    static List<Way> ofTheKubelet() {
        List<Way> ways = new ArrayList<>();
        ways.add(pull("404", "status-404/x:1", IMAGE_NOT_FOUND, "IMAGE_NOT_FOUND"));
        ways.add(pull("no such repository", "x:1", IMAGE_NOT_FOUND, "IMAGE_NOT_FOUND"));
        ways.add(pull("401", "status-401/x:1", IMAGE_PULL_DENIED, "IMAGE_PULL_DENIED"));
        ways.add(pull("403", "status-403/x:1", IMAGE_PULL_DENIED, "IMAGE_PULL_DENIED"));
        ways.add(pull("access denied", "denied/x:1", IMAGE_PULL_DENIED, "IMAGE_PULL_DENIED"));
        ways.add(pull("no token", "token-401/x:1", IMAGE_PULL_DENIED, "IMAGE_PULL_DENIED"));
        ways.add(pull("429", "status-429/x:1", IMAGE_PULL_FAILED, "IMAGE_PULL_FAILED"));
        ways.add(pull("500", "status-500/x:1", IMAGE_PULL_FAILED, "IMAGE_PULL_FAILED"));
        ways.add(pull("503", "status-503/x:1", IMAGE_PULL_FAILED, "IMAGE_PULL_FAILED"));
        ways.add(pull("dropped", "drop/x:1", IMAGE_PULL_FAILED, "IMAGE_PULL_FAILED"));
        ways.add(
                Way.pod(
                        "an init container's image: 404",
                        "init-no-image",
                        IMAGE_NOT_FOUND,
                        "IMAGE_NOT_FOUND",
                        Map.of(
                                "initContainers",
                                List.of(
                                        Map.of(
                                                "name",
                                                "first",
                                                "image",
                                                REGISTRY + "/status-404/init:1")))));
        ways.add(
                Way.container(
                        "`ErrImageNeverPull`",
                        "never-pulled",
                        IMAGE_REJECTED,
                        "IMAGE_REJECTED",
                        Map.of("image", "never-pulled:1", "imagePullPolicy", "Never")));
        ways.add(env("a Secret that is not there", "no-secret", "secretRef"));
        ways.add(env("a ConfigMap that is not there", "no-config-map", "configMapRef"));
        ways.add(
                Way.of(
                        "a key that a Secret has not",
                        "no-key",
                        CONFIG_MISSING,
                        "CONFIG_MISSING",
                        Api.with(
                                Api.job("no-key", "true"),
                                "env",
                                List.of(
                                        Map.of(
                                                "name",
                                                "K",
                                                "secretRef",
                                                Map.of("name", "present", "key", "absent"))))));
        ways.add(
                Way.container(
                        "`runAsNonRoot`, and the image runs as root",
                        "as-root",
                        RUNS_AS_ROOT,
                        "REJECTED_BY_POLICY",
                        Map.of("securityContext", Map.of("runAsNonRoot", true))));
        ways.add(
                Way.of(
                        "`StartError`: a program that is not there",
                        "no-such-program",
                        AT_ONCE,
                        "CONTAINER_CANNOT_START",
                        Api.job("no-such-program", "/no/such/program")));
        ways.add(
                Way.volume(
                        "a volume's Secret that is not there",
                        "no-volume-secret",
                        VOLUME_MISSING,
                        "VOLUME_MISSING",
                        Map.of("secret", Map.of("secretName", "absent"))));
        ways.add(
                Way.volume(
                        "a volume's ConfigMap that is not there",
                        "no-volume-map",
                        VOLUME_MISSING,
                        "VOLUME_MISSING",
                        Map.of("configMap", ABSENT)));
        ways.add(
                Way.volume(
                        "a key that a volume's Secret has not",
                        "no-volume-key",
                        VOLUME_MISSING,
                        "VOLUME_MISSING",
                        Map.of(
                                "secret",
                                Map.of(
                                        "secretName",
                                        "present",
                                        "items",
                                        List.of(Map.of("key", "absent", "path", "k"))))));
        ways.add(
                Way.volume(
                        "a `hostPath` of another type",
                        "other-type",
                        VOLUME_FAILED,
                        "VOLUME_FAILED",
                        Map.of("hostPath", Map.of("path", "/etc/hostname", "type", "Directory"))));
        ways.add(
                Way.pod(
                        "a runtime that the node has not",
                        "no-runtime",
                        SANDBOX_FAILED,
                        "SANDBOX_FAILED",
                        Map.of("runtimeClassName", NO_HANDLER)));
        return ways;
    }

    private static Way pull(String signal, String image, Grace grace, String reason) {
        return Way.image("pull: " + signal, REGISTRY + "/" + image, grace, reason);
    }

    private static Way env(String signal, String name, String ref) {
        return Way.container(
                signal,
                name,
                CONFIG_MISSING,
                "CONFIG_MISSING",
                Map.of("envFrom", List.of(Map.of(ref, ABSENT))));
    }

    /** The scheduler, the controllers or the API server says it. */
    static List<Way> ofTheControlPlane(Places places) {
        List<Way> ways = new ArrayList<>();
        ways.add(
                plain(
                        "labels that no node has",
                        "no-such-node",
                        UNSCHEDULABLE,
                        "UNSCHEDULABLE",
                        Map.of("nodeSelector", Map.of("nobody", "has-it"))));
        ways.add(
                plain(
                        "more than any node has",
                        "too-large",
                        UNSCHEDULABLE,
                        "UNSCHEDULABLE",
                        Map.of("resources", Map.of("cpu", "1000"))));
        ways.add(
                Way.volume(
                        "a PersistentVolumeClaim that is not there",
                        "no-claim",
                        UNSCHEDULABLE,
                        "UNSCHEDULABLE",
                        Map.of("persistentVolumeClaim", Map.of("claimName", "absent"))));
        ways.add(
                plain(
                        "a ServiceAccount that is not there",
                        "no-account",
                        SERVICE_ACCOUNT_MISSING,
                        "SERVICE_ACCOUNT_MISSING",
                        Map.of("serviceAccountName", "absent")));
        ways.add(in(places.small(), "more than the quota", QUOTA_EXCEEDED, "QUOTA_EXCEEDED"));
        ways.add(in(places.noJobs(), "a quota on Jobs: none", QUOTA_EXCEEDED, "QUOTA_EXCEEDED"));
        ways.add(in(places.restricted(), "Pod Security", REJECTED_BY_POLICY, "REJECTED_BY_POLICY"));
        ways.add(in(places.limited(), "a LimitRange", REJECTED_BY_POLICY, "REJECTED_BY_POLICY"));
        ways.add(
                in(
                        places.denied(),
                        "a ValidatingAdmissionPolicy",
                        REJECTED_BY_POLICY,
                        "REJECTED_BY_POLICY"));
        ways.add(
                in(
                        places.hooked(),
                        "an admission webhook denies the pods",
                        REJECTED_BY_POLICY,
                        "REJECTED_BY_POLICY"));
        ways.add(
                in(
                        "windlass-test-absent",
                        "a namespace that is not there",
                        NAMESPACE_MISSING,
                        "NAMESPACE_MISSING"));
        ways.add(
                Way.container(
                        "a Job that the API server calls invalid",
                        "invalid",
                        AT_ONCE,
                        "SPEC_INVALID",
                        Map.of("imagePullPolicy", "Sometimes")));
        return ways;
    }

    private static Way plain(
            String signal, String name, Grace grace, String reason, Map<String, Object> fields) {
        Map<String, Object> job = new LinkedHashMap<>(Api.job(name, "true"));
        job.putAll(fields);
        return Way.of(signal, name, grace, reason, job);
    }

    private static Way in(String namespace, String signal, Grace grace, String reason) {
        String name = signal.toLowerCase(Locale.ROOT).replaceAll("[^a-z]+", "-");
        return plain(
                signal,
                name,
                grace,
                reason,
                Map.of("namespace", namespace, "resources", Map.of("cpu", "1", "memory", "10Mi")));
    }

    /** The test says it, to a real API server, as Kubernetes' own tests of its Jobs do. */
    static List<Way> ofTheTest() {
        List<Way> ways = new ArrayList<>();
        ways.add(
                Way.told(
                        "InvalidImageName",
                        "couldn't parse image name",
                        AT_ONCE,
                        "IMAGE_NAME_INVALID"));
        ways.add(
                Way.told(
                        "RegistryUnavailable",
                        "the registry is away",
                        IMAGE_PULL_FAILED,
                        "IMAGE_PULL_FAILED"));
        ways.add(
                Way.told(
                        "SignatureValidationFailed",
                        "no signature",
                        IMAGE_REJECTED,
                        "IMAGE_REJECTED"));
        ways.add(
                Way.told(
                        "ImageInspectError",
                        "cannot be read",
                        IMAGE_INSPECT_FAILED,
                        "IMAGE_REJECTED"));
        ways.add(
                Way.told(
                        "CreateContainerConfigError",
                        "failed to create subPath directory for volumeMount",
                        CONTAINER_CONFIG_FAILED,
                        "CONTAINER_CANNOT_START"));
        ways.add(
                Way.told(
                        "CreateContainerError",
                        "executable file not found in $PATH",
                        EXECUTABLE_MISSING,
                        "CONTAINER_CANNOT_START"));
        ways.add(
                Way.told(
                        "CreateContainerError",
                        "failed to reserve container name",
                        CONTAINER_CREATE_FAILED,
                        "CONTAINER_CANNOT_START"));
        ways.add(
                Way.told(
                        "RunContainerError",
                        "exec format error",
                        EXECUTABLE_MISSING,
                        "CONTAINER_CANNOT_START"));
        for (String reason :
                List.of(
                        "PreCreateHookError",
                        "PreStartHookError",
                        "CreatePodSandboxError",
                        "ConfigPodSandboxError")) {
            ways.add(Way.told(reason, "failed", SANDBOX_FAILED, "SANDBOX_FAILED"));
        }
        ways.add(
                Way.told(
                        "SomethingNew",
                        "that nobody has named yet",
                        OTHER,
                        "CONTAINER_CANNOT_START"));
        ways.add(Way.event("NetworkNotReady", "no network", SANDBOX_FAILED, "SANDBOX_FAILED"));
        ways.add(Way.event("FailedAttachVolume", "in use", VOLUME_FAILED, "VOLUME_FAILED"));
        ways.add(
                Way.event(
                        "FailedPrepareDynamicResources",
                        "no device",
                        VOLUME_FAILED,
                        "VOLUME_FAILED"));
        ways.add(Way.event("FailedMapVolume", "not found", VOLUME_MISSING, "VOLUME_MISSING"));
        ways.add(Way.scaleUp());
        return ways;
    }
}
