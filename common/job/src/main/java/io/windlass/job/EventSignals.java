package io.windlass.job;

import static io.windlass.job.Signal.row;
import static io.windlass.job.WaitClass.*;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The table of what only events tell: of a pod whose volumes or sandbox cannot be made, and of a
 * Job whose pods are not taken. Rows are tried in their order, what passes by itself first.
 */
public final class EventSignals {
    private static final Set<String> MOUNT = Set.of("FailedMount", "FailedMapVolume");
    private static final Set<String> ATTACH =
            Set.of("FailedAttachVolume", "FailedPrepareDynamicResources");
    private static final Set<String> SANDBOX = Set.of("FailedCreatePodSandBox", "NetworkNotReady");
    private static final Set<String> CREATE = Set.of("FailedCreate");

    /** Of the cluster's autoscalers: a node is on its way. */
    private static final Set<String> NODE_COMES = Set.of("TriggeredScaleUp", "Nominated");

    private static final List<Signal> ROWS =
            List.of(
                    row(
                            MOUNT,
                            "registered csi drivers|failed to sync .* cache|timed out"
                                    + "|deadline exceeded|connection refused",
                            VOLUME_FAILED),
                    row(MOUNT, "not found|references non-existent", VOLUME_MISSING),
                    row(MOUNT, VOLUME_FAILED),
                    row(ATTACH, VOLUME_FAILED),
                    row(SANDBOX, SANDBOX_FAILED),
                    row(
                            CREATE,
                            "failed calling webhook|internal error|timed out|deadline exceeded"
                                    + "|connection refused|too many requests",
                            PODS_REFUSED),
                    row(CREATE, "because it is being terminated", NAMESPACE_MISSING),
                    row(CREATE, "exceeded quota:", QUOTA_EXCEEDED),
                    row(CREATE, "error looking up service account", SERVICE_ACCOUNT_MISSING),
                    row(CREATE, RefusalText.POLICY, REJECTED_BY_POLICY),
                    row(CREATE, PODS_REFUSED));

    private EventSignals() {}

    static Optional<WaitClass> meaning(EventSeen event) {
        String text = BoundedText.start(event.message()).toLowerCase(Locale.ROOT);
        return Signal.meaning(ROWS, event.reason(), text);
    }

    /** Whether an event of this reason, about a pod, could tell why it does not start. */
    public static boolean mattersToAPod(String reason) {
        return MOUNT.contains(reason)
                || ATTACH.contains(reason)
                || SANDBOX.contains(reason)
                || NODE_COMES.contains(reason);
    }

    /** Whether an event of this reason, about a Job, could tell why it has no pods. */
    public static boolean mattersToAJob(String reason) {
        return CREATE.contains(reason);
    }

    static boolean aNodeComes(EventSeen event) {
        return aNodeComes(event.reason());
    }

    /** It is announced once, and holds for long. */
    public static boolean aNodeComes(String reason) {
        return NODE_COMES.contains(reason);
    }

    static boolean ofTheSandbox(EventSeen event) {
        return SANDBOX.contains(event.reason());
    }
}
