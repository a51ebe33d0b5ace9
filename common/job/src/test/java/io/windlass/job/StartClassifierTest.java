package io.windlass.job;

import static io.windlass.job.Fixtures.pod;
import static io.windlass.job.Fixtures.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class StartClassifierTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    InvalidImageName | couldn't parse image name "x:::y": invalid reference format | IMAGE_NAME_INVALID
                    ErrImagePull | rpc error: code = NotFound desc = failed to pull and unpack image: 127.0.0.1:5001/app:v429: not found | IMAGE_NOT_FOUND
                    ErrImagePull | failed to resolve reference: unexpected status from HEAD request to http://127.0.0.1:5001/v2/status-503/x: 404 Not Found | IMAGE_NOT_FOUND
                    ImagePullBackOff | Back-off pulling image: ErrImagePull: manifest unknown | IMAGE_NOT_FOUND
                    ErrImagePull | failed with status code [manifests 1]: 429 Too Many Requests | IMAGE_PULL_FAILED
                    ErrImagePull | toomanyrequests: You have reached your unauthenticated pull rate limit | IMAGE_PULL_FAILED
                    ErrImagePull | pull QPS exceeded | IMAGE_PULL_FAILED
                    ErrImagePull | 500 Internal Server Error; not found | IMAGE_PULL_FAILED
                    ErrImagePull | received unexpected HTTP status: 503 Service Unavailable | IMAGE_PULL_FAILED
                    ErrImagePull | dial tcp: lookup registry: no such host; not found | IMAGE_PULL_FAILED
                    ErrImagePull | dial tcp 10.0.0.1:443: connect: connection refused | IMAGE_PULL_FAILED
                    ErrImagePull | read tcp: connection reset by peer | IMAGE_PULL_FAILED
                    ErrImagePull | failed to do request: EOF | IMAGE_PULL_FAILED
                    ErrImagePull | net/http: TLS handshake timeout | IMAGE_PULL_FAILED
                    ErrImagePull | x509: certificate signed by unknown authority | IMAGE_PULL_FAILED
                    ErrImagePull | something that nobody has seen | IMAGE_PULL_FAILED
                    ErrImagePull | initializing source docker://127.0.0.1:5001/app:v429: reading manifest 1.0.502 in 127.0.0.1:5001/app: manifest unknown | IMAGE_NOT_FOUND
                    ErrImagePull | reading manifest 503 in docker.io/library/app: manifest unknown: manifest unknown | IMAGE_NOT_FOUND
                    ErrImagePull | app-1.0.429.tgz: manifest unknown | IMAGE_NOT_FOUND
                    ErrImagePull | received unexpected HTTP status: 502 | IMAGE_PULL_FAILED
                    ErrImagePull | unexpected status code 503. not found | IMAGE_PULL_FAILED
                    ErrImagePull | failed to prepare extraction snapshot "extract-1 sha256:ab": parent snapshot sha256:cd does not exist: not found | IMAGE_PULL_FAILED
                    ErrImagePull | error getting credentials - err: exec: "docker-credential-x": executable file not found in $PATH, out: `` | IMAGE_PULL_FAILED
                    ErrImagePull | failed to get image: content digest sha256:ab: not found | IMAGE_PULL_FAILED
                    RegistryUnavailable | not found | IMAGE_PULL_FAILED
                    ErrImagePull | pull access denied, repository does not exist or may require authorization: not found | IMAGE_PULL_DENIED
                    ErrImagePull | failed to authorize: failed to fetch anonymous token: 401 Unauthorized | IMAGE_PULL_DENIED
                    ErrImagePull | unexpected status: 403 Forbidden | IMAGE_PULL_DENIED
                    SignatureValidationFailed | no signature | IMAGE_REJECTED
                    ErrImageNeverPull | Container image is not present with pull policy of Never | IMAGE_REJECTED
                    ImageInspectError | Failed to inspect image: corrupt | IMAGE_INSPECT_FAILED
                    CreateContainerConfigError | secret "a" not found | CONFIG_MISSING
                    CreateContainerConfigError | configmap "a" not found | CONFIG_MISSING
                    CreateContainerConfigError | couldn't find key k in Secret ns/a | CONFIG_MISSING
                    CreateContainerConfigError | container has runAsNonRoot and image will run as root | RUNS_AS_ROOT
                    CreateContainerConfigError | failed to create subPath directory for volumeMount "v" | CONTAINER_CONFIG_FAILED
                    CreateContainerConfigError | context deadline exceeded | CONTAINER_CONFIG_FAILED
                    CreateContainerConfigError | failed to sync secret cache: timed out waiting for the condition; not found | CONTAINER_CONFIG_FAILED
                    CreateContainerError | exec: "nope": executable file not found in $PATH | EXECUTABLE_MISSING
                    RunContainerError | exec /bin/app: exec format error | EXECUTABLE_MISSING
                    RunContainerError | exec: "/nope": stat /nope: no such file or directory | EXECUTABLE_MISSING
                    CreateContainerError | failed to reserve container name | CONTAINER_CREATE_FAILED
                    CreatePodSandboxError | network | SANDBOX_FAILED
                    PreStartHookError | hook | SANDBOX_FAILED
                    ContainerCreating | not found |
                    PodInitializing | |
                    CrashLoopBackOff | back-off 5m0s restarting failed container |
                    PostStartHookError | hook |
                    some free text | not found | OTHER
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

    @Test
    void shouldNotReadThePathOfARegistryAsItsAnswer() {
        PodSeen.ContainerSeen container =
                new PodSeen.ContainerSeen(
                        "main",
                        "127.0.0.1:5001/status-404/x:401",
                        new PodSeen.Waiting(
                                "ErrImagePull",
                                "failed to pull \"127.0.0.1:5001/status-404/x:401\": HEAD"
                                        + " http://127.0.0.1:5001/v2/not-found-denied/401: 500 Internal Server Error"),
                        null,
                        null);
        assertThat(StartClassifier.classify(pod(1, "Pending", container)))
                .map(StartClassifier.Diagnosis::waitClass)
                .contains(WaitClass.IMAGE_PULL_FAILED);
    }

    @Test
    void shouldKeepTheCauseThatABackOffHasLost() {
        PodSeen first = pod(1, "Pending", waiting("ErrImagePull", "manifest unknown"));
        PodSeen later = pod(2, "Pending", waiting("ImagePullBackOff", "Back-off pulling image"));
        Instant then = Instant.parse("2026-11-21T12:00:00Z");
        PodRecord known = PodRecord.first(first).seen(first, then);
        PodRecord now = known.seen(later, then.plusSeconds(10));
        assertThat(now.waitClass()).isEqualTo(WaitClass.IMAGE_NOT_FOUND);
        assertThat(now.cause()).contains("manifest unknown");
        assertThat(now.classSince()).isEqualTo(then);
    }

    @Test
    void shouldGiveACauseThatShowsLateItsWholeGrace() {
        PodSeen first = pod(1, "Pending", waiting("ErrImagePull", "429 Too Many Requests"));
        PodSeen later = pod(2, "Pending", waiting("ErrImagePull", "manifest unknown"));
        Instant then = Instant.parse("2026-11-21T12:00:00Z");
        Instant muchLater = then.plusSeconds(600);
        PodRecord now = PodRecord.first(first).seen(first, then).seen(later, muchLater);
        assertThat(now.classSince()).isEqualTo(muchLater);
    }

    @Test
    void shouldTellAMissingClaimFromAFullCluster() {
        assertThat(unschedulable("0/3 nodes are available: 3 Insufficient cpu."))
                .isEqualTo(WaitClass.WAITING_FOR_ROOM);
        assertThat(unschedulable("persistentvolumeclaim \"data\" not found"))
                .isEqualTo(WaitClass.UNSCHEDULABLE);
    }

    private static WaitClass unschedulable(String why) {
        PodSeen pod =
                pod(1, "Pending", waiting("ContainerCreating", ""))
                        .with(new PodSeen.Unscheduled(why, PodSeen.Room.SOMEWHERE));
        return StartClassifier.classify(pod).orElseThrow().waitClass();
    }

    @Test
    @Tag("slow")
    void shouldAnswerAnyTextAtAllAndSoon() {
        String[] pieces = {
            "",
            "\0",
            "not found ",
            "429 ",
            "exec: ",
            "failed to sync ",
            "exceeded quota: a, requested: ",
            ", used: ",
            "runtimeclass ",
            "couldn't find key ",
            "\uD83D\uDE80",
            "\uD83D",
            "x",
            "\n",
            "\"",
            "secret \"",
            "https://",
            "IMAGE"
        };
        String[] reasons = {
            "ErrImagePull",
            "CreateContainerConfigError",
            "CreateContainerError",
            "",
            "FailedMount",
            "FailedCreate",
            "FailedCreatePodSandBox",
            "\0",
            "TriggeredScaleUp"
        };
        Random random = new Random(7);
        long begin = System.nanoTime();
        for (int i = 0; i < 300; i++) {
            String text = pieces[random.nextInt(pieces.length)].repeat(random.nextInt(20_000));
            String reason = reasons[random.nextInt(reasons.length)];
            List<EventSeen> events =
                    List.of(new EventSeen(reason, text + pieces[random.nextInt(pieces.length)], i));
            PodSeen pod =
                    pod(1, "Pending", waiting(reason, text))
                            .with(new PodSeen.Unscheduled(text, PodSeen.Room.NOWHERE, text));
            StartClassifier.classify(pod)
                    .ifPresent(told -> Culprit.of(told.waitClass(), told.cause(), told.image()));
            StartClassifier.classify(events, Map.of())
                    .ifPresent(told -> Culprit.of(told.waitClass(), told.cause(), told.image()));
            RefusalText.of(text);
        }
        assertThat(System.nanoTime() - begin).as("nanoseconds").isLessThan(20_000_000_000L);
    }

    /** Every class that ends in a verdict has a grace, and none that does not. */
    @ParameterizedTest
    @EnumSource
    void shouldHaveAGraceForEveryVerdict(WaitClass waitClass) {
        assertThat(waitClass.grace().isPresent()).isEqualTo(waitClass.verdict() != null);
    }
}
