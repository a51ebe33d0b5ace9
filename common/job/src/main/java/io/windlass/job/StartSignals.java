package io.windlass.job;

import static io.windlass.job.Signal.row;
import static io.windlass.job.WaitClass.*;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The table of what a waiting container says and what it means. Rows are tried in their order, and
 * the transient patterns come first: a registry's hiccup may say "not found" on the way.
 */
final class StartSignals {
    /** No cause at all, or one that the Job's own limits answer. */
    private static final Set<String> HARMLESS =
            Set.of(
                    "",
                    "ContainerCreating",
                    "PodInitializing",
                    "CrashLoopBackOff",
                    "PostStartHookError");

    private static final Set<String> PULL = Set.of("ErrImagePull", "ImagePullBackOff");
    private static final Set<String> CONFIG = Set.of("CreateContainerConfigError");
    private static final Set<String> CREATE = Set.of("CreateContainerError", "RunContainerError");
    private static final Set<String> SANDBOX =
            Set.of(
                    "PreCreateHookError",
                    "PreStartHookError",
                    "CreatePodSandboxError",
                    "ConfigPodSandboxError");

    private static final List<Signal> ROWS =
            List.of(
                    row(Set.of("InvalidImageName"), IMAGE_NAME_INVALID),
                    row(Set.of("RegistryUnavailable"), IMAGE_PULL_FAILED),
                    row(
                            PULL,
                            status("429|50[0-9]")
                                    + "|toomanyrequests|too many requests|pull qps exceeded"
                                    + "|internal server error|bad gateway"
                                    + "|service unavailable|gateway timeout",
                            IMAGE_PULL_FAILED),
                    row(
                            PULL,
                            "time-?out|timed out|deadline exceeded|refused|reset by peer|\\beof\\b"
                                    + "|no such host|name resolution|server misbehaving"
                                    + "|network is unreachable|no route to host|\\btls\\b|x509"
                                    + "|certificate",
                            IMAGE_PULL_FAILED),
                    // a layer or a program that its node has lost
                    row(
                            PULL,
                            "parent snapshot|executable file not found|content digest \\S+ not found",
                            IMAGE_PULL_FAILED),
                    row(
                            PULL,
                            "unauthorized|denied|authorization failed|403 forbidden|"
                                    + status("401"),
                            IMAGE_PULL_DENIED),
                    row(PULL, "manifest unknown|name unknown|not found", IMAGE_NOT_FOUND),
                    row(PULL, IMAGE_PULL_FAILED),
                    row(Set.of("SignatureValidationFailed", "ErrImageNeverPull"), IMAGE_REJECTED),
                    row(Set.of("ImageInspectError"), IMAGE_INSPECT_FAILED),
                    row(
                            CONFIG,
                            "failed to create subpath directory|deadline exceeded|timed out"
                                    + "|failed to sync .* cache",
                            CONTAINER_CONFIG_FAILED),
                    row(CONFIG, "runasnonroot", RUNS_AS_ROOT),
                    row(
                            CONFIG,
                            "not found|couldn't find key .* in (configmap|secret)",
                            CONFIG_MISSING),
                    row(CONFIG, CONTAINER_CONFIG_FAILED),
                    row(
                            CREATE,
                            "executable file not found|exec format error"
                                    + "|exec: .*(no such file|permission denied|is a directory)",
                            EXECUTABLE_MISSING),
                    row(CREATE, CONTAINER_CREATE_FAILED),
                    row(SANDBOX, SANDBOX_FAILED));

    private StartSignals() {}

    /** A number that stands alone: parts of versions and of digests do not. */
    private static String status(String codes) {
        return "(?:" + codes + ")(?<![\\w.-]...)(?![\\w-]|\\.\\w)";
    }

    /** Of text in lower case, without its image; total, since a reason may be any text. */
    static Optional<WaitClass> meaning(String reason, String text) {
        if (HARMLESS.contains(reason)) {
            return Optional.empty();
        }
        return Signal.meaning(ROWS, reason, text).or(() -> Optional.of(OTHER));
    }

    /** A back-off that has lost its cause, as older kubelets word it. */
    static boolean saysNoCause(String reason, String text) {
        return reason.equals("ImagePullBackOff") && !text.contains(": ");
    }
}
