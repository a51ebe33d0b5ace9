package io.windlass.gateway;

import io.windlass.store.LogClaims;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The logs of one pod; what its node answers is kept in mind for all pods of that node. */
final class PodLogs implements NodeLogs {
    /**
     * These say something of a container or of us and nothing of its node: one that has not
     * started, a kubelet that starts, a Node that was deleted, rights, too many requests.
     */
    private static final Set<Integer> NOT_OF_THE_NODE = Set.of(400, 401, 403, 404, 429);

    private static final Pattern URL = Pattern.compile("https?://[^\\s\"\\\\]+");
    private static final Pattern ADDRESS =
            Pattern.compile(
                    "\\[[0-9a-fA-F:.%]*:[0-9a-fA-F:.%]*](:\\d+)?|\\b\\d+\\.\\d+\\.\\d+\\.\\d+(:\\d+)?");
    private static final Pattern NUMBER = Pattern.compile("\\d+");

    private final NodeLogs node;
    private final @Nullable String name;
    private final LogClaims.PodOfJob pod;
    private final NodesWithoutLogs without;

    PodLogs(
            NodeLogs node,
            @Nullable String name,
            LogClaims.PodOfJob pod,
            NodesWithoutLogs without) {
        this.node = node;
        this.name = name;
        this.pod = pod;
        this.without = without;
    }

    @Override
    public InputStream open(Source source, Part part) throws IOException, InterruptedException {
        if (name == null) {
            return node.open(source, part);
        }
        try {
            InputStream in = node.open(source, part);
            without.gave(name);
            return in;
        } catch (RefusedException e) {
            if (!NOT_OF_THE_NODE.contains(e.status())
                    && without.refused(name, pod.jobId(), alike(e.getMessage(), source))) {
                throw new NoneException("node " + name + " gives no logs: " + e.getMessage(), e);
            }
            throw e;
        }
    }

    @Override
    public boolean givesNone() {
        return without.isOne(name);
    }

    /** Without what differs from pod to pod and from time to time. */
    private String alike(String answer, Source source) {
        String alike = URL.matcher(answer).replaceAll("<address>");
        alike = ADDRESS.matcher(alike).replaceAll("<address>");
        for (String own :
                new String[] {source.pod(), source.namespace(), source.container(), name}) {
            alike = own == null ? alike : alike.replaceAll(name(own), "<name>");
        }
        return alike.substring(0, Math.min(3, alike.length()))
                + NUMBER.matcher(alike.substring(Math.min(3, alike.length()))).replaceAll("#");
    }

    private static String name(String own) {
        return "(?<![A-Za-z0-9-])" + Pattern.quote(own) + "(?![A-Za-z0-9-])";
    }
}
