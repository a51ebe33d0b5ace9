package io.windlass.podscheduler.choose;

import io.windlass.job.NodeFit;
import java.util.List;

/**
 * A node and what is taken of it.
 *
 * @param taints with those that its being cordoned or not ready stand for
 */
public record Place(NodeFit.Node node, List<Taint> taints, Load load) {
    public String name() {
        return node.name();
    }

    public Place with(Load other) {
        return new Place(node, taints, other);
    }
}
