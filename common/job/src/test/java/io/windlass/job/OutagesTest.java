package io.windlass.job;

import static io.windlass.job.Fixtures.NOW;
import static io.windlass.job.Fixtures.known;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutagesTest {
    private static List<Outages.FailingPull> pulls(
            int images, int jobs, String registry, String node, int secondsApart) {
        List<Outages.FailingPull> pulls = new ArrayList<>();
        for (int i = 0; i < images; i++) {
            pulls.add(
                    new Outages.FailingPull(
                            new JobId(new UUID(0, i % jobs)),
                            registry + "/app-" + i + ":1",
                            node,
                            NOW.plusSeconds((long) i * secondsApart)));
        }
        return pulls;
    }

    @ParameterizedTest
    @CsvSource({"4,4,1,0", "5,5,1,1", "5,1,1,0", "5,5,30,1", "5,5,31,0", "20,20,31,0"})
    void shouldTakeManyImagesAtOnceForAnOutage(int images, int jobs, int apart, int outages) {
        List<Outages.FailingPull> failing = pulls(images, jobs, "registry.example", null, apart);
        assertThat(Outages.DEFAULT.among(failing)).hasSize(outages);
    }

    /** Ten jobs of thousands of pods with one wrong image, asked for every two seconds. */
    @Test
    void shouldNotCountAllPullsForEachPull() {
        List<Outages.FailingPull> failing = new ArrayList<>();
        for (int i = 0; i < 40_000; i++) {
            JobId job = new JobId(new UUID(0, i % 10));
            failing.add(
                    new Outages.FailingPull(job, "registry.example/a:1", null, NOW.plusMillis(i)));
        }
        assertTimeoutPreemptively(
                Duration.ofSeconds(2), () -> assertThat(Outages.DEFAULT.among(failing)).isEmpty());
    }

    @Test
    void shouldFindWhatCountingFromEachPullFinds() {
        Random random = new Random(3);
        for (int round = 0; round < 500; round++) {
            List<Outages.FailingPull> failing = new ArrayList<>();
            for (int i = random.nextInt(30); i > 0; i--) {
                failing.add(
                        new Outages.FailingPull(
                                new JobId(new UUID(0, random.nextInt(3))),
                                "registry.example/app-" + random.nextInt(7),
                                null,
                                NOW.plusSeconds(random.nextInt(600))));
            }
            Stream<Instant> begins =
                    failing.stream()
                            .map(Outages.FailingPull::since)
                            .sorted()
                            .filter(begin -> isOutage(within(failing, begin)));
            assertThat(Outages.DEFAULT.among(failing).stream().map(Surroundings.Outage::since))
                    .containsExactlyElementsOf(begins.limit(1).toList());
        }
    }

    private static List<Outages.FailingPull> within(
            List<Outages.FailingPull> failing, Instant begin) {
        Instant end = begin.plus(Outages.DEFAULT.within());
        return failing.stream()
                .filter(pull -> !pull.since().isBefore(begin) && !pull.since().isAfter(end))
                .toList();
    }

    private static boolean isOutage(List<Outages.FailingPull> together) {
        return together.stream().map(Outages.FailingPull::image).distinct().count() >= 5
                && together.stream().map(Outages.FailingPull::job).distinct().count() >= 2;
    }

    @Test
    void shouldTellARegistryFromANode() {
        List<Outages.FailingPull> failing = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            failing.addAll(pulls(1, 1, "registry-" + i + ".example", "node-1", 0));
        }
        failing.add(
                new Outages.FailingPull(
                        new JobId(new UUID(1, 1)), "other.example/a:1", "node-1", NOW));
        assertThat(Outages.DEFAULT.among(failing))
                .containsExactly(new Surroundings.Outage(Outages.Kind.NODE, "node-1", NOW));
    }

    @Test
    void shouldHoldUpWhatMayPassAndNothingElse() {
        Surroundings.Outage registry =
                new Surroundings.Outage(Outages.Kind.REGISTRY, "registry.example", NOW);
        Surroundings around =
                new Surroundings(List.of(registry), Set.of("registry.example/started:1"));
        assertThat(around.holds(pulling(WaitClass.IMAGE_PULL_FAILED, "registry.example/a:1")))
                .contains(registry);
        assertThat(around.holds(pulling(WaitClass.IMAGE_PULL_FAILED, "other.example/a:1")))
                .isEmpty();
        assertThat(around.holds(pulling(WaitClass.IMAGE_NOT_FOUND, "registry.example/a:1")))
                .as("nobody has seen it start")
                .isEmpty();
        assertThat(around.holds(pulling(WaitClass.IMAGE_NOT_FOUND, "registry.example/started:1")))
                .contains(registry);
        assertThat(around.holds(pulling(WaitClass.IMAGE_PULL_DENIED, "registry.example/a:1")))
                .isEmpty();
        Surroundings.Outage node = new Surroundings.Outage(Outages.Kind.NODE, "node-1", NOW);
        assertThat(
                        new Surroundings(List.of(node), Set.of())
                                .holds(pulling(WaitClass.IMAGE_PULL_FAILED, "any/a:1")))
                .contains(node);
    }

    @ParameterizedTest
    @CsvSource({
        "busybox:1.36, docker.io",
        "library/busybox, docker.io",
        "quay.io/a/b:1, quay.io",
        "localhost/a, localhost",
        "127.0.0.1:5001/a:1, 127.0.0.1:5001",
    })
    void shouldKnowWhereAnImageComesFrom(String image, String registry) {
        assertThat(ImageReference.registry(image)).isEqualTo(registry);
    }

    static PodRecord pulling(WaitClass waitClass, String image) {
        PodRecord pod = known(waitClass, Duration.ofMinutes(16), 3);
        return new PodRecord(
                pod.uid(),
                pod.attempt(),
                pod.name(),
                pod.guard(),
                pod.phase(),
                pod.node(),
                waitClass,
                pod.cause(),
                pod.classSince(),
                image,
                null,
                pod.pulls(),
                null,
                null,
                null,
                null,
                false);
    }
}
