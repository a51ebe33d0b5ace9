package io.windlass.podscheduler.bind;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.windlass.podscheduler.choose.PodView;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Counts bindings, by pod and node as users of k8s-static-scheduler know it, or bounded: without
 * the pods' names, of which there is no end.
 */
public final class Tally {
    private final MeterRegistry meters;
    private final String scheduler;
    private final boolean bounded;
    private final Timer latency;

    public Tally(MeterRegistry meters, String scheduler, boolean bounded) {
        this.meters = meters;
        this.scheduler = scheduler;
        this.bounded = bounded;
        this.latency =
                Timer.builder("schedule.latency")
                        .description("From the first sight of a pod to its being bound")
                        .tags("scheduler", scheduler)
                        .serviceLevelObjectives(
                                Duration.ofMillis(10),
                                Duration.ofMillis(25),
                                Duration.ofMillis(50),
                                Duration.ofMillis(100),
                                Duration.ofMillis(250),
                                Duration.ofMillis(500),
                                Duration.ofSeconds(1),
                                Duration.ofMillis(2_500),
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(30),
                                Duration.ofMinutes(1),
                                Duration.ofMinutes(10))
                        .register(meters);
    }

    /** Something that is as high as it is. */
    public void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value)
                .description(description)
                .tags("scheduler", scheduler)
                .register(meters);
    }

    void request(PodView pod, String node) {
        counter("schedule.request", "Bindings asked for", pod, node, Tags.empty()).increment();
    }

    void success(PodView pod, String node, Duration took) {
        counter("schedule.success", "Bindings taken", pod, node, Tags.empty()).increment();
        latency.record(took);
    }

    void failure(PodView pod, String node, int status, String reason) {
        counter(
                        "schedule.failure",
                        "Bindings refused or not answered, and pods that no node was found for",
                        pod,
                        node,
                        Tags.of("http_status", status == 0 ? "" : String.valueOf(status))
                                .and("reason", reason))
                .increment();
    }

    private Counter counter(String name, String description, PodView pod, String node, Tags more) {
        return Counter.builder(name)
                .description(description)
                .tags(
                        more.and(
                                "namespace",
                                pod.namespace(),
                                "node",
                                node,
                                "pod",
                                bounded ? "" : pod.name(),
                                "scheduler",
                                scheduler))
                .register(meters);
    }
}
