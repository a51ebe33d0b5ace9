package io.windlass.benchmarks;

import io.windlass.harness.Api;
import io.windlass.harness.Cluster;
import io.windlass.harness.Service;
import io.windlass.harness.Stack;
import io.windlass.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/**
 * The same questions with a short queue and with a long one, while the cluster drains it: nothing
 * may cost more because much is waiting.
 */
final class BacklogBench {
    private static final int SHORT_QUEUE = 2_000;
    private static final int PAGES_DEEP = 20;
    private static final int CANCELLED = 50_000;

    private final Stack stack;
    private final Cluster cluster;
    private final Scale scale;
    private final Results results;
    private final AtomicInteger mostJobs = new AtomicInteger();

    /** What was asked with a queue of one length. */
    private record Asked(
            Timings submission,
            Timings firstPage,
            Timings deepPage,
            Timings start,
            double endedPerSecond) {}

    private BacklogBench(Stack stack, Cluster cluster, Scale scale, Results results) {
        this.stack = stack;
        this.cluster = cluster;
        this.scale = scale;
        this.results = results;
    }

    static void run(Stack stack, Path kubeconfig, Scale scale, Results results) throws Exception {
        try (Cluster cluster = Cluster.of(kubeconfig)) {
            new BacklogBench(stack, cluster, scale, results).run();
        }
    }

    private void run() throws Exception {
        upload(Math.min(SHORT_QUEUE, scale.backlog()));
        ask();
        Asked few = ask();
        Service web = stack.services("web-server").getFirst();
        Service processor = stack.services("messages-processor").getFirst();
        long webBefore = StartBench.residentKib(web.process().pid());
        long processorBefore = StartBench.residentKib(processor.process().pid());
        long begin = System.nanoTime();
        brake("pause");
        int taken = upload(scale.backlog());
        double seconds = (System.nanoTime() - begin) / 1e9;
        long webAfter = StartBench.residentKib(web.process().pid());
        results.put(
                "%,d jobs as one NDJSON stream, the cluster paused".formatted(taken),
                "%.0f per s; web-server %d MiB before, %d MiB after"
                        .formatted(taken / seconds, webBefore >> 10, webAfter >> 10));
        results.figure("NDJSON stream", "jobs per s", Figure.Better.HIGHER, taken / seconds);
        grown("web-server", webBefore, webAfter);
        brake("resume");
        ask();
        Asked many = ask();
        String lengths = " with %,d queued; with %,d".formatted(queued(), SHORT_QUEUE);
        compare("submission, p50", lengths, many.submission(), few.submission(), 50);
        compare("submission, p99", lengths, many.submission(), few.submission(), 99);
        compare("first page of the list, p50", lengths, many.firstPage(), few.firstPage(), 50);
        compare(
                "page " + PAGES_DEEP + " of the list, p50",
                lengths,
                many.deepPage(),
                few.deepPage(),
                50);
        compare(
                "POST of an urgent job to its admission, p50",
                lengths,
                many.start(),
                few.start(),
                50);
        double ended =
                results.compare(
                        "jobs ended," + lengths,
                        many.endedPerSecond(),
                        few.endedPerSecond(),
                        "per s");
        results.ratio(
                "jobs ended with many queued, by with few",
                Figure.Better.HIGHER,
                Math.min(ended, 1));
        results.put("most Jobs of ours in the cluster at once", Integer.toString(mostJobs.get()));
        long processorAfter = StartBench.residentKib(processor.process().pid());
        results.put(
                "messages-processor's memory, before and after",
                "%d MiB, %d MiB".formatted(processorBefore >> 10, processorAfter >> 10));
        grown("messages-processor", processorBefore, processorAfter);
        cancelMany();
    }

    /** With many it is measured later, and warmer: a record below 1 would be one of the JVM's. */
    private void compare(
            String what, String lengths, Timings many, Timings few, double percentile) {
        double ratio =
                results.compare(
                        what + "," + lengths,
                        many.millis(percentile),
                        few.millis(percentile),
                        "ms");
        results.ratio(
                what + " with many queued, by with few", Figure.Better.LOWER, Math.max(ratio, 1));
    }

    private void grown(String module, long before, long after) {
        results.ratio(
                module + "'s memory after, by before",
                Figure.Better.LOWER,
                (double) after / before);
    }

    private void brake(String what) throws IOException {
        stack.api().call("POST", "/api/v1/clusters/" + stack.cluster() + "/" + what, null);
    }

    private int upload(int count) throws Exception {
        String job = Json.write(job("waiting", 0));
        int port = stack.services("web-server").getFirst().port();
        return NdjsonUpload.send(port, stack.token(), count, i -> job);
    }

    private Map<String, Object> job(String name, int priority) {
        return Api.with(
                Api.with(Api.simulated(name), "namespace", cluster.namespace()),
                "priority",
                priority);
    }

    private long queued() throws SQLException {
        return stack.database().number("select count(*) from job_state where state = 'QUEUED'");
    }

    private long ended() throws SQLException {
        return stack.database()
                .number("select count(*) from job_state where finished_at is not null");
    }

    private Asked ask() throws Exception {
        long endedBefore = ended();
        long begin = System.nanoTime();
        Timings submission =
                Timings.of(scale.samples(), () -> stack.api().submit(job("waiting", 0)));
        Timings firstPage = Timings.of(scale.samples(), () -> page(null));
        Object deep = deepCursor();
        Timings deepPage = Timings.of(scale.samples(), () -> page(deep));
        Timings start = new Timings();
        for (int i = 0; i < Math.max(10, scale.samples() / 10); i++) {
            start.add(urgent());
            mostJobs.accumulateAndGet(cluster.jobs(stack.installation()).size(), Math::max);
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        return new Asked(submission, firstPage, deepPage, start, (ended() - endedBefore) / seconds);
    }

    private Map<String, Object> page(Object cursor) throws IOException {
        String path =
                "/api/v1/jobs?state=QUEUED&limit=100" + (cursor == null ? "" : "&cursor=" + cursor);
        Map<String, Object> page = stack.api().call("GET", path, null).body();
        if (page.get("items") == null) {
            throw new IllegalStateException(page.toString());
        }
        return page;
    }

    private Object deepCursor() throws IOException {
        Object cursor = null;
        for (int i = 1; i < PAGES_DEEP; i++) {
            Object next = page(cursor).get("next");
            cursor = next == null ? cursor : next;
        }
        return cursor;
    }

    /** From the POST until it is let into the cluster, before all the others. */
    private long urgent() throws IOException {
        long begin = System.nanoTime();
        String id = stack.api().submit(job("urgent", 1_000));
        Awaitility.await("an urgent job starts")
                .atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> !"QUEUED".equals(stack.api().get(id).get("state")));
        return System.nanoTime() - begin;
    }

    private void cancelMany() throws IOException {
        long begin = System.nanoTime();
        long done =
                Bulk.cancel(
                        stack.api(), "state=QUEUED&namespace=" + cluster.namespace(), CANCELLED);
        double perSecond = done / ((System.nanoTime() - begin) / 1e9);
        results.put(
                "%,d jobs cancelled in bulk".formatted(done), "%.0f per s".formatted(perSecond));
        results.figure("cancelled in bulk", "jobs per s", Figure.Better.HIGHER, perSecond);
    }
}
