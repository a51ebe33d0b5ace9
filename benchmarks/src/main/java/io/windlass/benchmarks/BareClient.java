package io.windlass.benchmarks;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.windlass.harness.Cluster;
import io.windlass.harness.EndWatch;
import io.windlass.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/** What somebody would write in an afternoon: creates, watches, deletes, and remembers nothing. */
final class BareClient {
    private final Cluster cluster;
    private final Job template;

    record Drained(double toLastEnd, double toNothingLeft) {}

    BareClient(Cluster cluster, Map<String, Object> manifest) {
        this.cluster = cluster;
        Job job = Serialization.unmarshal(Json.write(manifest), Job.class);
        this.template =
                new JobBuilder(job)
                        .editMetadata()
                        .withLabels(Map.of("bench", "bare"))
                        .withAnnotations(Map.of())
                        .endMetadata()
                        .editSpec()
                        .editTemplate()
                        .editMetadata()
                        .withLabels(Map.of("bench", "bare"))
                        .endMetadata()
                        .endTemplate()
                        .endSpec()
                        .build();
    }

    Drained drain(int count, int parallel) throws Exception {
        CountDownLatch left = new CountDownLatch(count);
        Set<String> ended = ConcurrentHashMap.newKeySet();
        List<String> names = IntStream.range(0, count).mapToObj(i -> "bare-" + i).toList();
        long begin = System.nanoTime();
        double toLastEnd;
        Watch watch =
                EndWatch.tell(
                        cluster,
                        job -> {
                            if (ended.add(job.getMetadata().getName())) {
                                left.countDown();
                            }
                        });
        try {
            forEach(names, parallel, name -> cluster.client().resource(named(name)).create());
            if (!left.await(10, TimeUnit.MINUTES)) {
                throw new IllegalStateException(left.getCount() + " Jobs did not end");
            }
            toLastEnd = (System.nanoTime() - begin) / 1e9;
        } finally {
            watch.close();
        }
        forEach(names, parallel, this::delete);
        awaitNoPods();
        return new Drained(toLastEnd, (System.nanoTime() - begin) / 1e9);
    }

    private static void forEach(List<String> names, int parallel, Consumer<String> work)
            throws InterruptedException, ExecutionException {
        try (ExecutorService threads = Executors.newFixedThreadPool(parallel)) {
            List<Future<?>> all = new ArrayList<>();
            for (String name : names) {
                all.add(threads.submit(() -> work.accept(name)));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
    }

    private Job named(String name) {
        return new JobBuilder(template)
                .editMetadata()
                .withName(name)
                .withNamespace(cluster.namespace())
                .endMetadata()
                .build();
    }

    private void delete(String name) {
        cluster.client()
                .batch()
                .v1()
                .jobs()
                .inNamespace(cluster.namespace())
                .withName(name)
                .withPropagationPolicy(DeletionPropagation.FOREGROUND)
                .delete();
    }

    private void awaitNoPods() {
        Awaitility.await("its pods are gone")
                .atMost(Duration.ofMinutes(5))
                .until(() ->
                        cluster.client()
                                .pods()
                                .inNamespace(cluster.namespace())
                                .list()
                                .getItems()
                                .isEmpty());
    }
}
