package io.windlass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.harness.Api;
import io.windlass.harness.Figures;
import io.windlass.harness.SimulatedNodes;
import io.windlass.testing.TestCluster;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** An API server that dies under load and comes back without its history. */
@EnabledIf("available")
class ApiServerKilledIT {
    private static Pipeline pipeline;

    static boolean available() {
        return SimulatedNodes.available() && TestCluster.tool().isPresent();
    }

    @BeforeAll
    static void start() throws Exception {
        pipeline = Pipeline.start(Map.of());
    }

    @AfterAll
    static void stop() throws Exception {
        Figures.print();
        if (pipeline != null) {
            pipeline.close();
        }
    }

    @Test
    void shouldComeBackWhereTheApiServerWasKilledAndItsHistoryCompacted() throws Exception {
        Api api = pipeline.api();
        List<String> ids = new ArrayList<>(api.submitAll(pipeline.simulatedJobs("restarted", 60)));
        ClusterTool tool = ClusterTool.loggingTo(pipeline.stack().logs());
        assertThat(tool.succeeds("compact")).isTrue();
        assertThat(tool.succeeds("restart", "--kill", "apiserver")).isTrue();
        Instant begin = Instant.now();
        ids.addAll(api.submitAll(pipeline.simulatedJobs("after", 20)));
        pipeline.allSucceed(ids);
        Figures.put(
                "80 jobs around a kill -9 of the API server and a compaction, restart to last end",
                begin);
        pipeline.nothingIsLeft();
    }
}
