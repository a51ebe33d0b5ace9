package io.windlass.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventSignalsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    FailedMount | MountVolume.SetUp failed for volume "v" : secret "absent" not found | VOLUME_MISSING
                    FailedMount | MountVolume.SetUp failed for volume "v" : configmap "absent" not found | VOLUME_MISSING
                    FailedMount | MountVolume.SetUp failed for volume "v" : references non-existent secret key: k | VOLUME_MISSING
                    FailedMount | MountVolume.SetUp failed for volume "v" : failed to sync secret cache: timed out waiting for the condition | VOLUME_FAILED
                    FailedMount | kubernetes.io/csi: driver name x not found in the list of registered CSI drivers | VOLUME_FAILED
                    FailedMount | hostPath type check failed: /x is not a directory | VOLUME_FAILED
                    FailedMapVolume | MapVolume.SetUpDevice failed: not found | VOLUME_MISSING
                    FailedAttachVolume | Multi-Attach error for volume "v": not found | VOLUME_FAILED
                    FailedPrepareDynamicResources | not found | VOLUME_FAILED
                    FailedCreatePodSandBox | failed to setup network: not found | SANDBOX_FAILED
                    NetworkNotReady | network is not ready | SANDBOX_FAILED
                    FailedCreate | Error creating: pods "x" is forbidden: error looking up service account ns/a: serviceaccount "a" not found | SERVICE_ACCOUNT_MISSING
                    FailedCreate | Error creating: pods "x" is forbidden: violates PodSecurity "restricted:latest": runAsNonRoot | REJECTED_BY_POLICY
                    FailedCreate | Error creating: admission webhook "policy.example" denied the request: no | REJECTED_BY_POLICY
                    FailedCreate | Error creating: Pod "x" is invalid: spec.containers[0].name | REJECTED_BY_POLICY
                    FailedCreate | Error creating: pods "x" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no | REJECTED_BY_POLICY
                    FailedCreate | pods "x" is forbidden: maximum cpu usage per Container is 1, but limit is 2 | REJECTED_BY_POLICY
                    FailedCreate | pods "x" is forbidden: failed quota: team: must specify cpu | REJECTED_BY_POLICY
                    FailedCreate | Internal error occurred: failed calling webhook "policy.example": denied the request | PODS_REFUSED
                    FailedCreate | the server is currently unable to handle the request | PODS_REFUSED
                    FailedCreate | unable to create new content in namespace x because it is being terminated | NAMESPACE_MISSING
                    FailedScheduling | not found |
                    BackOff | not found |
                    """)
    void shouldTellWhatAnEventMeans(String reason, String message, WaitClass expected) {
        assertThat(EventSignals.meaning(new EventSeen(reason, message, 1)).orElse(null))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    CONFIG_MISSING | container main: CreateContainerConfigError: secret "a" not found | Secret a
                    CONFIG_MISSING | couldn't find key k in ConfigMap ns/settings | ConfigMap settings
                    VOLUME_MISSING | MountVolume.SetUp failed for volume "v" : configmap "a" not found | ConfigMap a
                    VOLUME_MISSING | MountVolume.SetUp failed for volume "v" : references non-existent config key: k | volume v
                    SERVICE_ACCOUNT_MISSING | error looking up service account ns/a: serviceaccount "a" not found | ServiceAccount a
                    QUOTA_EXCEEDED | exceeded quota: team, requested: cpu=2, used: cpu=0, limited: cpu=1 | ResourceQuota team
                    REJECTED_BY_POLICY | admission webhook "policy.example" denied the request: no | webhook policy.example
                    UNSCHEDULABLE | persistentvolumeclaim "data" not found | PersistentVolumeClaim data
                    OTHER | free text |
                    """)
    void shouldNameWhatIsAtFault(WaitClass waitClass, String message, String object) {
        assertThat(Culprit.of(waitClass, message, null).orElse(null)).isEqualTo(object);
    }
}
