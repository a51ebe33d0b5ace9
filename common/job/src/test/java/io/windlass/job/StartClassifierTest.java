package io.windlass.job;

import static io.windlass.job.Fixtures.pod;
import static io.windlass.job.Fixtures.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StartClassifierTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    InvalidImageName           | couldn't parse image name                                  | IMAGE_NAME_INVALID
                    ErrImagePull               | 127.0.0.1:5001/status-404/x:1: not found                   | IMAGE_NOT_FOUND
                    ImagePullBackOff           | Back-off pulling image: ErrImagePull: manifest unknown     | IMAGE_NOT_FOUND
                    ErrImagePull               | failed with status code [manifests 1]: 429 Too Many Requests |
                    ErrImagePull               | 500 Internal Server Error; not found                       |
                    ErrImagePull               | pull access denied, repository does not exist: not found   |
                    ErrImagePull               | dial tcp: lookup registry: no such host; not found         |
                    CreateContainerConfigError | secret "a" not found                                       | CONFIG_MISSING
                    CreateContainerConfigError | couldn't find key k in Secret ns/a                         | CONFIG_MISSING
                    CreateContainerConfigError | container has runAsNonRoot and image will run as root      |
                    ContainerCreating          | not found                                                  |
                    some free text             | not found                                                  |
                    """)
    void shouldTellWhyAContainerWaits(String reason, String message, WaitClass expected) {
        assertThat(
                        StartClassifier.classify(
                                        pod(
                                                1,
                                                "Pending",
                                                waiting(reason, message == null ? "" : message)))
                                .map(StartClassifier.Diagnosis::waitClass)
                                .orElse(null))
                .isEqualTo(expected);
    }

    @Test
    void shouldNotReadAPortOrATagAsAStatusCode() {
        PodSeen pod =
                pod(1, "Pending", waiting("ErrImagePull", "127.0.0.1:5001/app:v429: not found"));
        assertThat(StartClassifier.classify(pod))
                .map(StartClassifier.Diagnosis::waitClass)
                .contains(WaitClass.IMAGE_NOT_FOUND);
    }

    @Test
    void shouldSurviveTextOfAnyShape() {
        String hostile = "\0\uD800not found" + "x".repeat(1_000_000);
        PodSeen pod = pod(1, "Pending", waiting("CreateContainerConfigError", hostile));
        assertThat(StartClassifier.classify(pod).orElseThrow().cause())
                .doesNotContain("\0")
                .hasSizeLessThan(2_100);
    }
}
