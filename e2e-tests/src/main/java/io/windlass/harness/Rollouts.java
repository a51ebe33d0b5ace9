package io.windlass.harness;

import io.windlass.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a namespace says of its Deployments, its StatefulSets and their pods. */
final class Rollouts {
    private Rollouts() {}

    /** What has not come to its end yet, of {@code kubectl get -o json}. */
    static List<String> unready(String list) {
        List<String> unready = new ArrayList<>();
        long wanted = 0;
        long ready = 0;
        for (Object item : (List<?>) Json.object(list).get("items")) {
            Map<String, Object> object = Json.asObject(item);
            Map<String, Object> metadata = Json.asObject(object.get("metadata"));
            Map<String, Object> status = part(object, "status");
            if ("Pod".equals(object.get("kind"))) {
                ready += isOwned(metadata) && isReady(status) ? 1 : 0;
                continue;
            }
            long replicas = number(part(object, "spec"), "replicas", 1);
            wanted += replicas;
            boolean done =
                    number(status, "observedGeneration", 0) >= number(metadata, "generation", 0)
                            && number(status, "replicas", 0) == replicas
                            && number(status, "updatedReplicas", 0) == replicas
                            && number(status, "availableReplicas", 0) == replicas;
            if (!done) {
                unready.add(object.get("kind") + " " + metadata.get("name") + " " + status);
            }
        }
        // a status may be older than a pod that was killed a moment ago
        if (ready < wanted) {
            unready.add(ready + " of " + wanted + " pods are ready");
        }
        return unready;
    }

    private static boolean isOwned(Map<String, Object> metadata) {
        return metadata.containsKey("ownerReferences")
                && !metadata.containsKey("deletionTimestamp");
    }

    private static boolean isReady(Map<String, Object> status) {
        return status.get("conditions") instanceof List<?> conditions
                && conditions.stream()
                        .map(Json::asObject)
                        .anyMatch(condition ->
                                "Ready".equals(condition.get("type"))
                                        && "True".equals(condition.get("status")));
    }

    private static Map<String, Object> part(Map<String, Object> object, String field) {
        return object.containsKey(field) ? Json.asObject(object.get(field)) : Map.of();
    }

    private static long number(Map<String, Object> object, String field, long otherwise) {
        return object.get(field) instanceof Number number ? number.longValue() : otherwise;
    }
}
