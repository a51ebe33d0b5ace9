package io.windlass.e2e;

import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.windlass.harness.Api;
import io.windlass.harness.Told;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A way not to start.
 *
 * @param signal as the page of failures names it
 * @param puppet what the test itself says of the pod; null where the real thing says it
 */
record Way(
        String signal,
        String name,
        Grace grace,
        String reason,
        Map<String, Object> job,
        Puppet puppet) {

    /** A status and an event, set by the test on a pod that no scheduler and no kubelet touches. */
    record Puppet(PodStatus status, String eventReason, String eventMessage) {}

    static final String NOBODY = "windlass-test-nobody";

    static Way of(String signal, String name, Grace grace, String reason, Map<String, Object> job) {
        return new Way(signal, name, grace, reason, Api.with(job, "name", name), null);
    }

    static Way image(String signal, String image, Grace grace, String reason) {
        String name = image.replaceAll("^.*?/", "").replaceAll("[^a-z0-9]+", "-");
        return of(signal, name, grace, reason, Api.with(Api.job(name, "true"), "image", image));
    }

    static Way container(
            String signal, String name, Grace grace, String reason, Map<String, Object> fields) {
        return of(signal, name, grace, reason, Map.of("containers", List.of(main(fields))));
    }

    static Way pod(
            String signal, String name, Grace grace, String reason, Map<String, Object> spec) {
        Map<String, Object> whole = new LinkedHashMap<>(spec);
        whole.putIfAbsent("containers", List.of(main(Map.of())));
        return of(signal, name, grace, reason, Map.of("podSpec", whole));
    }

    /** A volume of the container that cannot be had. */
    static Way volume(
            String signal, String name, Grace grace, String reason, Map<String, Object> volume) {
        Map<String, Object> named = new LinkedHashMap<>(volume);
        named.put("name", "v");
        Map<String, Object> mount = Map.of("name", "v", "mountPath", "/v");
        return pod(
                signal,
                name,
                grace,
                reason,
                Map.of(
                        "containers", List.of(main(Map.of("volumeMounts", List.of(mount)))),
                        "volumes", List.of(named)));
    }

    static Map<String, Object> main(Map<String, Object> fields) {
        Map<String, Object> container = new LinkedHashMap<>();
        container.put("name", "main");
        container.put("image", "busybox:1.36");
        container.put("command", List.of("true"));
        container.putAll(fields);
        return container;
    }

    /** The container waits so. */
    static Way told(String reason, String message, Grace grace, String verdict) {
        return puppet(
                "`" + reason + "`: " + message,
                "told-" + reason.toLowerCase(Locale.ROOT) + "-" + grace.ordinal(),
                grace,
                verdict,
                new Puppet(Told.waiting(reason, message), null, null));
    }

    /** An event says so; the container is being created. */
    static Way event(String reason, String message, Grace grace, String verdict) {
        return puppet(
                "event `" + reason + "`: " + message,
                "event-" + reason.toLowerCase(Locale.ROOT),
                grace,
                verdict,
                new Puppet(Told.waiting("ContainerCreating", ""), reason, message));
    }

    static Way scaleUp() {
        PodStatus unplaced =
                new PodStatusBuilder()
                        .withPhase("Pending")
                        .withConditions(
                                new PodConditionBuilder()
                                        .withType("PodScheduled")
                                        .withStatus("False")
                                        .withReason("Unschedulable")
                                        .withMessage("0/6 nodes are available")
                                        .build())
                        .build();
        Way way =
                puppet(
                        "the same, with an event `TriggeredScaleUp`",
                        "scale-up",
                        Grace.NODE_EXPECTED,
                        "UNSCHEDULABLE",
                        new Puppet(unplaced, "TriggeredScaleUp", "pod triggered scale-up"));
        way.job().put("nodeSelector", Map.of("nobody", "has-it"));
        return way;
    }

    private static Way puppet(
            String signal, String name, Grace grace, String verdict, Puppet puppet) {
        Map<String, Object> job = Api.with(Api.job(name, "true"), "schedulerName", NOBODY);
        return new Way(signal, name, grace, verdict, job, puppet);
    }
}
