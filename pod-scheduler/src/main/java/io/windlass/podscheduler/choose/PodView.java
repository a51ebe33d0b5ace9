package io.windlass.podscheduler.choose;

import io.windlass.job.NodeFit;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a scheduler has to know of a pod.
 *
 * @param wantedNode of its annotation {@value #NODE}
 * @param claims names of the PersistentVolumeClaims that it mounts
 * @param unsupported what it asks for that this scheduler cannot grant
 */
public record PodView(
        String namespace,
        String name,
        String uid,
        int priority,
        Instant created,
        @Nullable String wantedNode,
        NodeFit.Needs needs,
        List<Toleration> tolerations,
        List<HostPort> ports,
        List<String> claims,
        List<String> unsupported) {
    public static final String NODE = "windlass.io/node";

    public Load load() {
        return new Load(needs.requests(), ports);
    }

    public String fullName() {
        return namespace + "/" + name;
    }
}
