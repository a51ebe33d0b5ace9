package io.windlass.processor;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import io.windlass.job.Rules;
import io.windlass.job.WaitClass;
import java.time.Duration;
import java.util.Map;

/**
 * How long a cause must stand before it is a verdict.
 *
 * @param imageNotFound with at least two pulls
 * @param imagePullDenied a registry says no, as some do of what is not there
 * @param imagePullFailed a registry or the way to it has trouble
 * @param imageRejected a signature, or an image that may not be pulled
 * @param imageInspectFailed the node cannot read the image
 * @param configMissing a Secret, a ConfigMap, or a key of theirs
 * @param runsAsRoot the image runs as root, and the pod may not
 * @param rejectedByPolicy an admission policy or webhook says no
 * @param executableMissing the command is not in the image, or not for this machine
 * @param containerConfigFailed any other trouble with what a container is configured by
 * @param containerCreateFailed any other trouble with making a container
 * @param sandboxFailed the node cannot make the pod's sandbox or network
 * @param unschedulable no node could take it, were they all empty
 * @param quotaExceeded the job alone asks for more than the quota
 * @param namespaceMissing the job's namespace
 * @param serviceAccountMissing the job's ServiceAccount
 * @param volumeMissing a volume's Secret, ConfigMap, or a key of theirs
 * @param volumeFailed any other trouble with a volume, or with a device
 * @param nodeExpected no node could take it, but an autoscaler has said that one will come
 * @param other a reason that nobody has named yet
 * @param imageNotFoundWithoutSecondPull an image that is not found, with one pull
 */
@ConfigurationProperties("windlass.fail-fast")
public record FailFastSettings(
        @Bindable(defaultValue = "60s") Duration imageNotFound,
        @Bindable(defaultValue = "2m") Duration imagePullDenied,
        @Bindable(defaultValue = "15m") Duration imagePullFailed,
        @Bindable(defaultValue = "60s") Duration imageRejected,
        @Bindable(defaultValue = "5m") Duration imageInspectFailed,
        @Bindable(defaultValue = "30s") Duration configMissing,
        @Bindable(defaultValue = "30s") Duration runsAsRoot,
        @Bindable(defaultValue = "30s") Duration rejectedByPolicy,
        @Bindable(defaultValue = "30s") Duration executableMissing,
        @Bindable(defaultValue = "5m") Duration containerConfigFailed,
        @Bindable(defaultValue = "5m") Duration containerCreateFailed,
        @Bindable(defaultValue = "10m") Duration sandboxFailed,
        @Bindable(defaultValue = "60s") Duration unschedulable,
        @Bindable(defaultValue = "30s") Duration quotaExceeded,
        @Bindable(defaultValue = "60s") Duration namespaceMissing,
        @Bindable(defaultValue = "60s") Duration serviceAccountMissing,
        @Bindable(defaultValue = "90s") Duration volumeMissing,
        @Bindable(defaultValue = "10m") Duration volumeFailed,
        @Bindable(defaultValue = "15m") Duration nodeExpected,
        @Bindable(defaultValue = "5m") Duration other,
        @Bindable(defaultValue = "120s") Duration imageNotFoundWithoutSecondPull) {

    Rules.Graces graces(Duration outageHold) {
        return new Rules.Graces(
                Map.ofEntries(
                        Map.entry(WaitClass.IMAGE_NOT_FOUND, imageNotFound),
                        Map.entry(WaitClass.IMAGE_PULL_DENIED, imagePullDenied),
                        Map.entry(WaitClass.IMAGE_PULL_FAILED, imagePullFailed),
                        Map.entry(WaitClass.IMAGE_REJECTED, imageRejected),
                        Map.entry(WaitClass.IMAGE_INSPECT_FAILED, imageInspectFailed),
                        Map.entry(WaitClass.CONFIG_MISSING, configMissing),
                        Map.entry(WaitClass.RUNS_AS_ROOT, runsAsRoot),
                        Map.entry(WaitClass.REJECTED_BY_POLICY, rejectedByPolicy),
                        Map.entry(WaitClass.EXECUTABLE_MISSING, executableMissing),
                        Map.entry(WaitClass.CONTAINER_CONFIG_FAILED, containerConfigFailed),
                        Map.entry(WaitClass.CONTAINER_CREATE_FAILED, containerCreateFailed),
                        Map.entry(WaitClass.SANDBOX_FAILED, sandboxFailed),
                        Map.entry(WaitClass.UNSCHEDULABLE, unschedulable),
                        Map.entry(WaitClass.QUOTA_EXCEEDED, quotaExceeded),
                        Map.entry(WaitClass.NAMESPACE_MISSING, namespaceMissing),
                        Map.entry(WaitClass.SERVICE_ACCOUNT_MISSING, serviceAccountMissing),
                        Map.entry(WaitClass.VOLUME_MISSING, volumeMissing),
                        Map.entry(WaitClass.VOLUME_FAILED, volumeFailed),
                        Map.entry(WaitClass.NODE_EXPECTED, nodeExpected),
                        Map.entry(WaitClass.OTHER, other)),
                imageNotFoundWithoutSecondPull,
                outageHold);
    }
}
