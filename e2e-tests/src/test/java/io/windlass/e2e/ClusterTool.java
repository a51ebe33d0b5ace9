package io.windlass.e2e;

import io.windlass.testing.TestCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The program that restarts parts of the cluster; what it says goes to a log of its own. */
record ClusterTool(Path program, Path log) {
    static ClusterTool loggingTo(Path logs) {
        return new ClusterTool(TestCluster.tool().orElseThrow(), logs.resolve("cluster-tool.log"));
    }

    boolean succeeds(String... words) throws IOException, InterruptedException {
        return succeeds(Map.of(), words);
    }

    boolean succeeds(Map<String, String> environment, String... words)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(words));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        return builder.start().waitFor() == 0;
    }
}
