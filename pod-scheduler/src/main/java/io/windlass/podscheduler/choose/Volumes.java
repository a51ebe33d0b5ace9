package io.windlass.podscheduler.choose;

import io.windlass.job.NodeFit;
import java.util.List;

/**
 * Where the volumes of a pod can be reached from.
 *
 * @param terms of each bound volume that is not everywhere; one term of each must hold
 * @param troubles why they cannot be used yet, or not by this scheduler
 */
public record Volumes(List<List<NodeFit.Term>> terms, List<String> troubles) {
    public static final Volumes NONE = new Volumes(List.of(), List.of());

    boolean reach(NodeFit.Node node) {
        return terms.stream().allMatch(oneOf -> NodeFit.anyHolds(oneOf, node));
    }
}
