package io.windlass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.windlass.harness.Api;
import io.windlass.harness.Cluster;
import io.windlass.harness.Figures;
import io.windlass.harness.Stack;
import io.windlass.testing.TestCluster;
import io.windlass.testing.TestCollector;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/** All services on a real cluster, and what the tests of the pipeline often ask of them. */
record Pipeline(Cluster cluster, Stack stack, TestCollector collector) implements AutoCloseable {
    static final Duration SOON = Duration.ofSeconds(60);

    /** Less than the check of a running job takes to come, so a wake-up that got lost is seen. */
    static final Duration WITHOUT_A_CHECK = Duration.ofMinutes(3);

    /** More than that: how late a program that fails at once is told is a figure, not a verdict. */
    private static final Duration WITH_A_CHECK = Duration.ofMinutes(12);

    private static final String GAPS =
            """
            select count(*) from (select job_id, count(*) n, max(version) m from job_event group by job_id) e
            where n <> m
            """;

    static Pipeline start(Map<String, String> more) throws Exception {
        TestCollector collector = new TestCollector();
        Map<String, String> settings = new HashMap<>(more);
        settings.put("WINDLASS_CLEANUP_KEEP_SUCCEEDED", "0s");
        settings.put("WINDLASS_CLEANUP_KEEP_FAILED", "0s");
        settings.put("WINDLASS_CLEANUP_KEEP_AFTER_TAKEOVER", "0s");
        // as long as a gateway that is away may hold up what ended
        settings.put("WINDLASS_CLEANUP_WAIT_FOR_LOGS", "20s");
        settings.put("WINDLASS_TRACING_ENDPOINT", collector.endpoint());
        // only what a caller asks to be traced
        settings.put("WINDLASS_TRACING_RATIO", "0");
        Path kubeconfig = TestCluster.kubeconfig().orElseThrow();
        Stack stack = new Stack(kubeconfig, settings);
        return new Pipeline(Cluster.of(kubeconfig), stack, collector);
    }

    Api api() {
        return stack.api();
    }

    Map<String, Object> job(String name, String... command) {
        return Api.with(Api.job(name, command), "namespace", cluster.namespace());
    }

    List<Map<String, Object>> simulatedJobs(String name, int count) {
        return IntStream.range(0, count)
                .mapToObj(i ->
                        Api.with(Api.simulated(name + "-" + i), "namespace", cluster.namespace()))
                .toList();
    }

    /** Its first pod leaves a file on the node and fails; its second one finds the file. */
    Map<String, Object> failsOnce(String name) {
        String once = "test -e /traces/$JOB || { touch /traces/$JOB; exit 1; }";
        Map<String, Object> container =
                Way.main(
                        Map.of(
                                "command",
                                List.of("sh", "-c", once),
                                "env",
                                List.of(Map.of("name", "JOB", "value", cluster.namespace())),
                                "volumeMounts",
                                List.of(Map.of("name", "traces", "mountPath", "/traces"))));
        Map<String, Object> onTheNode =
                Map.of("path", "/tmp/windlass-e2e-traces", "type", "DirectoryOrCreate");
        Map<String, Object> podSpec =
                Map.of(
                        "containers", List.of(container),
                        "volumes", List.of(Map.of("name", "traces", "hostPath", onTheNode)));
        return Map.of(
                "name",
                name,
                "namespace",
                cluster.namespace(),
                "maxRetries",
                2,
                "podSpec",
                podSpec);
    }

    /** Each by a call of its own; only what was acknowledged is owed. */
    void submitOneByOne(String name, int count, Consumer<String> acknowledged) {
        for (Map<String, Object> job : simulatedJobs(name, count)) {
            try {
                Api.Answer answer = api().call("POST", "/api/v1/jobs", job);
                if (answer.status() == 202) {
                    acknowledged.accept(answer.body().get("id").toString());
                }
            } catch (IOException e) {
                // not acknowledged: nothing is owed
                continue;
            }
        }
    }

    /** The Kubernetes Job that was made for a job. */
    Job kubernetesJob(String id) {
        List<Job> found =
                cluster.jobs(stack.installation()).stream()
                        .filter(j ->
                                id.equals(j.getMetadata().getLabels().get("windlass.io/job-id")))
                        .toList();
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    Map<String, Object> ended(Map<String, Object> job) throws IOException {
        return ended(job, WITHOUT_A_CHECK);
    }

    /**
     * The message that its Job has failed may come before the one that its pod has ended, and then
     * only a check finds the end.
     */
    Map<String, Object> endedAtLast(Map<String, Object> job) throws IOException {
        return ended(job, WITH_A_CHECK);
    }

    private Map<String, Object> ended(Map<String, Object> job, Duration most) throws IOException {
        Instant begin = Instant.now();
        Map<String, Object> end = api().awaitEnd(api().submit(job), most);
        Figures.put("job `" + job.get("name") + "`, POST to its end", begin);
        return end;
    }

    void allSucceed(List<String> ids) throws IOException {
        for (String id : ids) {
            expect(api().awaitEnd(id, WITHOUT_A_CHECK), "SUCCEEDED", null);
        }
    }

    static void expect(Map<String, Object> job, String state, String reason) {
        assertThat(job).as("%s", job).containsEntry("state", state).containsEntry("reason", reason);
    }

    void awaitState(String id, String state) {
        Awaitility.await(id + " is " + state)
                .atMost(SOON)
                .until(() -> state.equals(api().get(id).get("state")));
    }

    void nothingIsLeft() {
        Awaitility.await("nothing of ours is left in the cluster")
                .atMost(SOON)
                .untilAsserted(() -> {
                    assertThat(cluster.jobs(stack.installation()))
                            .as(
                                    "unsettled: %s",
                                    stack.database()
                                            .column(
                                                    "select s::text from job_state s where not settled limit 3"))
                            .extracting(j -> j.getMetadata().getName())
                            .isEmpty();
                    assertThat(cluster.pods(stack.installation())).isZero();
                });
    }

    /** One after the other, from its whole history. */
    List<Object> statesOf(String id) throws IOException {
        List<Map<String, Object>> events = api().events(id);
        assertThat(events.stream().map(e -> e.get("version").toString()).toList())
                .isEqualTo(
                        IntStream.rangeClosed(1, events.size())
                                .mapToObj(Integer::toString)
                                .toList());
        return events.stream().map(e -> e.get("to")).toList();
    }

    void historiesHaveNoGaps() throws SQLException {
        assertThat(stack.database().number(GAPS)).as("versions without gaps").isZero();
    }

    /** Nothing is admitted until {@link #resume}. */
    String pausedSubmit(Map<String, Object> job) throws Exception {
        pause(true);
        return api().submit(job);
    }

    void resume() throws SQLException {
        pause(false);
    }

    private void pause(boolean paused) throws SQLException {
        assertThat(
                        stack.database()
                                .column(
                                        "update cluster set paused = "
                                                + paused
                                                + " where name = '"
                                                + stack.cluster()
                                                + "' returning name"))
                .hasSize(1);
    }

    @Override
    public void close() throws IOException {
        stack.close();
        collector.close();
        cluster.close();
    }
}
