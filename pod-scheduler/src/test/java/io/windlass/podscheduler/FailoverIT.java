package io.windlass.podscheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.windlass.testing.TestSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** Two replicas, of which one is killed in the middle of a burst. */
@EnabledIf("io.windlass.testing.TestCluster#available")
class FailoverIT {
    private static final int PODS = TestSize.of(500, 2_000);
    private static final int BOUND_BEFORE_THE_KILL = PODS * 3 / 20;
    private static final int NODES = 20;
    private static final int AT_ONCE = 64;
    private static final String OPEN = "windlass-test-open";
    private static final Pattern BOUND =
            Pattern.compile(
                    "\"objectRef\":\\{\"resource\":\"pods\",\"namespace\":\"([^\"]+)\",\"name\":\"([^\"]+)\".*?\"subresource\":\"binding\"\\}.*?\"code\":201");

    @Test
    void shouldBindEachOnceAndLeaveNoneWhereTheLeaderIsKilled() throws Exception {
        try (Fleet fleet = new Fleet(NODES, "64");
                Boundness bound = new Boundness(fleet)) {
            String[] args = {
                "--name",
                fleet.name,
                "--policy",
                "spread",
                "--lease-namespace",
                fleet.name,
                "--at-once",
                String.valueOf(AT_ONCE)
            };
            try (SchedulerProcess one = SchedulerProcess.daemon(args)) {
                Fleet.await().until(one::leads);
                try (SchedulerProcess other = SchedulerProcess.daemon(args)) {
                    // nobody has that label until all pods wait for it
                    fleet.pods(
                            PODS,
                            new PodSpecBuilder(fleet.spec(fleet.name, "500m"))
                                    .addToNodeSelector(OPEN, "")
                                    .build());
                    // beside it: to label them all takes longer than to bind a few hundred pods;
                    // and not on the common pool, whose only thread the HTTP client may need
                    CompletableFuture<Void> opened =
                            CompletableFuture.runAsync(
                                    () ->
                                            IntStream.range(0, NODES)
                                                    .forEach(i -> fleet.label(i, OPEN)),
                                    Thread::startVirtualThread);
                    Fleet.await()
                            .pollInterval(Duration.ofMillis(10))
                            .until(() -> bound.count() > BOUND_BEFORE_THE_KILL);
                    one.kill();
                    long killed = System.nanoTime();
                    int before = bound.count();
                    Fleet.await()
                            .atMost(Duration.ofSeconds(120))
                            .until(() -> bound.count() == PODS);
                    opened.get(60, TimeUnit.SECONDS);
                    System.out.printf(
                            "[pod-scheduler] the leader was killed after %d of %d pods; all were bound %.1f s later%n",
                            before, PODS, (bound.lastAt() - killed) / 1e9);
                    assertThat(before).as("in the middle").isLessThan(PODS - 100);
                    assertThat(other.leads()).isTrue();
                }
            }
            assertThat(bound.torn()).isEmpty();
            assertThat(fleet.overfull()).isEmpty();
            // what was under way as the leader was killed was done, but answered to nobody
            bindingsOfEachPod(fleet)
                    .ifPresent(bindings ->
                            assertThat(bindings)
                                    .hasSizeBetween(PODS - AT_ONCE, PODS)
                                    .allSatisfy((pod, times) ->
                                            assertThat(times).as(pod).isEqualTo(1)));
        }
    }

    /** What the API server itself says that it has taken; where its log is to be had. */
    private static Optional<Map<String, Integer>> bindingsOfEachPod(Fleet fleet)
            throws IOException {
        String log = System.getenv("WINDLASS_TEST_AUDIT_LOG");
        if (log == null) {
            System.out.println(
                    "[pod-scheduler] no audit log: bindings are counted by the watch alone");
            return Optional.empty();
        }
        Map<String, Integer> bindings = new TreeMap<>();
        try (Stream<Path> files = Files.list(Path.of(log).toAbsolutePath().getParent())) {
            for (Path file :
                    files.filter(p -> p.getFileName().toString().startsWith("audit")).toList()) {
                try (Stream<String> lines = Files.lines(file)) {
                    lines.filter(line ->
                                    line.contains(fleet.name) && line.contains("ResponseComplete"))
                            .map(BOUND::matcher)
                            .filter(Matcher::find)
                            .filter(found -> found.group(1).equals(fleet.name))
                            .forEach(found -> bindings.merge(found.group(2), 1, Integer::sum));
                }
            }
        }
        return Optional.of(bindings);
    }
}
