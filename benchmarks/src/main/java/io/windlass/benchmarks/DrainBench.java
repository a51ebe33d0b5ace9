package io.windlass.benchmarks;

import io.windlass.harness.Api;
import io.windlass.harness.Cluster;
import io.windlass.harness.Stack;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/**
 * Jobs on simulated nodes, from the first POST to the last end, beside a client that only creates
 * as many Jobs with the same parallelism, watches them, and deletes them.
 */
final class DrainBench {
    // as many creates as a processor has in flight
    private static final int PARALLEL = 32;

    private DrainBench() {}

    static void run(Stack stack, Path kubeconfig, Path audit, Scale scale, Results results)
            throws Exception {
        int count = scale.drained();
        try (Cluster warm = Cluster.of(kubeconfig)) {
            new BareClient(warm, manifest(stack, warm)).drain(Math.max(50, count / 10), PARALLEL);
            windlass(stack, warm, Math.max(50, count / 10));
        }
        try (Cluster ours = Cluster.of(kubeconfig);
                Cluster bare = Cluster.of(kubeconfig)) {
            long begin = System.nanoTime();
            double windlass = windlass(stack, ours, count);
            awaitNothingLeft(stack, ours);
            double toNothingLeft = (System.nanoTime() - begin) / 1e9;
            double ourRequests = Requests.in(ours.namespace(), audit) / (double) count;
            BareClient.Drained drained =
                    new BareClient(bare, manifest(stack, bare)).drain(count, PARALLEL);
            double bareRequests = Requests.in(bare.namespace(), audit) / (double) count;
            double toLastEnd =
                    results.compare(
                            count
                                    + " jobs on kwok, first POST to last end; a bare client that creates and watches as many"
                                    + " Jobs, and deletes them when all have ended",
                            windlass,
                            drained.toLastEnd(),
                            "s");
            results.ratio("to the last end, by a bare client's", Figure.Better.LOWER, toLastEnd);
            double toNothing =
                    results.compare(
                            "the same, first POST to nothing left in the cluster",
                            toNothingLeft,
                            drained.toNothingLeft(),
                            "s");
            results.ratio("to nothing left, by a bare client's", Figure.Better.LOWER, toNothing);
            double requests =
                    results.compare(
                            "requests to the API server per job, of everybody, until nothing is left",
                            ourRequests,
                            bareRequests,
                            "");
            results.ratio("requests per job, by a bare client's", Figure.Better.LOWER, requests);
        }
    }

    private static Map<String, Object> job(String name, String namespace) {
        return Api.with(Api.simulated(name), "namespace", namespace);
    }

    private static Map<String, Object> manifest(Stack stack, Cluster cluster) throws Exception {
        return stack.api()
                .call("POST", "/api/v1/jobs?dryRun=true", job("bare", cluster.namespace()))
                .body();
    }

    private static double windlass(Stack stack, Cluster cluster, int count) throws Exception {
        List<Map<String, Object>> jobs =
                IntStream.range(0, count)
                        .mapToObj(i -> job("drained-" + i, cluster.namespace()))
                        .toList();
        long begin = System.nanoTime();
        stack.api().submitAll(jobs);
        Awaitility.await(count + " jobs end")
                .atMost(Duration.ofMinutes(10))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> ended(stack, cluster) == count);
        return (System.nanoTime() - begin) / 1e9;
    }

    private static long ended(Stack stack, Cluster cluster) throws Exception {
        return stack.database()
                .number(
                        "select count(*) from job_state s join job j on j.id = s.job_id where state = 'SUCCEEDED'"
                                + " and namespace = '"
                                + cluster.namespace()
                                + "'");
    }

    private static void awaitNothingLeft(Stack stack, Cluster cluster) {
        Awaitility.await("nothing is left")
                .atMost(Duration.ofMinutes(5))
                .pollInterval(Duration.ofMillis(500))
                .until(() ->
                        cluster.jobs(stack.installation()).isEmpty()
                                && cluster.pods(stack.installation()) == 0);
    }
}
