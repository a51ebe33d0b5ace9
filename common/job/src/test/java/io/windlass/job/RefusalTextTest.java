package io.windlass.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusalTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    jobs.batch "a" is forbidden: unable to create new content in namespace b because it is being terminated | NAMESPACE_MISSING
                    jobs.batch "a" is forbidden: User "w" cannot create resource "jobs" in API group "batch" | FORBIDDEN
                    admission webhook "w.example.com" denied the request: not on Fridays | REJECTED_BY_POLICY
                    jobs.batch "a" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no | REJECTED_BY_POLICY
                    pods "a" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false | REJECTED_BY_POLICY
                    jobs.batch "a" is forbidden: exceeded quota: q, requested: count/jobs.batch=1, used: count/jobs.batch=5, limited: count/jobs.batch=5 | NO_ROOM
                    pods "a" is forbidden: exceeded quota: q, requested: cpu=2, used: cpu=0, limited: cpu=1500m | QUOTA_EXCEEDED
                    pods "a" is forbidden: exceeded quota: q, requested: cpu=1500m,memory=1Gi, used: cpu=0,memory=0, limited: cpu=2,memory=1000Mi | QUOTA_EXCEEDED
                    pods "a" is forbidden: exceeded quota: q, requested: cpu=1500m,memory=1Gi, used: cpu=1,memory=0, limited: cpu=2,memory=1024Mi | NO_ROOM
                    pods "a" is forbidden: exceeded quota: q, requested: cpu=1e3, used: cpu=0, limited: cpu=1k | NO_ROOM
                    pods "a" is forbidden: exceeded quota: q, requested: cpu=?, used: nothing, limited: cpu=...1 | NO_ROOM
                    exceeded quota: and then anything | NO_ROOM
                    """)
    void shouldTellWhatA403Means(String message, Input.Refusal expected) {
        assertThat(RefusalText.of(message)).isEqualTo(expected);
    }
}
