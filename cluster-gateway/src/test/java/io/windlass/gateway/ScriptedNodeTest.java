package io.windlass.gateway;

import io.windlass.testing.KubeletFile;
import java.nio.charset.StandardCharsets;

/** The fake is held to what {@link KubeletLogIT} sees of a real kubelet. */
class ScriptedNodeTest extends KubeletLogConformance {
    private static final long BEGIN = 1_790_000_000_300_000_000L;
    private static final long SECOND = 1_000_000_000L;

    @Override
    NodeLogs node() {
        return (source, part) -> {
            ScriptedNode node = new ScriptedNode(1);
            if (source.pod().equals("nobody")) {
                node.podGoes();
            }
            write(node.file(), source.container());
            return node.open(
                    source,
                    part instanceof NodeLogs.Part.Following(var after)
                            ? new NodeLogs.Part.Present(after)
                            : part);
        };
    }

    private static void write(KubeletFile file, String container) {
        long later = BEGIN + 22 * SECOND / 10;
        if (container.equals("long")) {
            file.write(BEGIN, "before\n");
        }
        file.write(BEGIN, "y".repeat(LENGTH));
        if (container.equals("mixed")) {
            file.write(
                    BEGIN + SECOND / 2,
                    KubeletFile.Stream.ERR,
                    "other\n".getBytes(StandardCharsets.UTF_8));
        }
        file.write(later, "end\n");
        if (container.equals("long")) {
            file.write(later + 300_000, "after\nunfinished");
        }
        file.end(later + SECOND);
    }

    @Override
    NodeLogs.Source source(String container) {
        return new NodeLogs.Source("default", "writer", container, false);
    }
}
