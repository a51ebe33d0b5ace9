package io.windlass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.harness.Cluster;
import io.windlass.harness.Figures;
import io.windlass.harness.Stack;
import io.windlass.harness.Wiring;
import io.windlass.testing.TestCluster;
import io.windlass.testing.TestSize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every way not to start, all at once: each is given up for its own reason, not before its grace,
 * and soon after it. With graces a tenth of those shipped, and as shipped, which writes the table
 * of docs/failures.md. At full size only: {@link RestartsIT} has one of each kind in every run.
 */
@EnabledIf("availableAtFullSize")
class FailFastIT {
    /** A last look, the deletion of the Job, and the end of its pods. */
    private static final Duration TO_GIVE_UP = Duration.ofSeconds(30);

    static boolean availableAtFullSize() {
        return TestSize.isFull() && TestCluster.available() && Ways.REGISTRY != null;
    }

    @ParameterizedTest(name = "graces as shipped, divided by {0}")
    @ValueSource(ints = {10, 1})
    void shouldGiveUpWhatCannotStartForItsOwnReasonAndNotBeforeItsGrace(int divisor)
            throws Exception {
        Path kubeconfig = TestCluster.kubeconfig().orElseThrow();
        List<FailFastRun.Verdict> verdicts;
        try (Cluster cluster = Cluster.of(kubeconfig);
                Places places = new Places(cluster.client(), cluster.namespace());
                Stack stack =
                        new Stack(
                                Grace.settings(divisor),
                                database -> new Wiring.Direct(database, kubeconfig))) {
            List<Way> ways = new ArrayList<>(Ways.ofTheKubelet());
            ways.addAll(Ways.ofTheControlPlane(places));
            ways.addAll(Ways.ofTheTest());
            verdicts =
                    new FailFastRun(stack, cluster).of(ways, Duration.ofMinutes(5 + 30 / divisor));
        }
        FailFastTable table = new FailFastTable(verdicts, divisor);
        System.out.println(table.text());
        Figures.put(
                "every way not to start, graces divided by %d, the latest after the time told for it"
                        .formatted(divisor),
                FailFastTable.latest(verdicts));
        Figures.print();
        SoftAssertions all = new SoftAssertions();
        verdicts.forEach(verdict -> check(all, verdict, divisor));
        all.assertAll();
        if (divisor == 1) {
            table.writeToTheDocs();
        }
    }

    private static void check(SoftAssertions all, FailFastRun.Verdict verdict, int divisor) {
        Way way = verdict.way();
        all.assertThat(verdict.told()).as(way.signal()).startsWith("FAILED " + way.reason() + ": ");
        Duration grace = way.grace().dividedBy(divisor);
        // a pod's creation is told in whole seconds
        all.assertThat(verdict.life().plusSeconds(1))
                .as("%s: life", way.signal())
                .isGreaterThanOrEqualTo(grace);
        // a second pull may come after the grace for two, if that is only a tenth
        boolean mayBeLater = way.grace() == Grace.IMAGE_NOT_FOUND && divisor > 1;
        Duration latest = mayBeLater ? grace.multipliedBy(2) : grace;
        all.assertThat(verdict.life())
                .as("%s: life", way.signal())
                .isLessThan(latest.plus(TO_GIVE_UP));
        if (way.grace() != Grace.AT_ONCE) {
            all.assertThat(verdict.late())
                    .as("%s: later than it was told", way.signal())
                    .isBetween(Duration.ZERO, Bounds.of(Duration.ofSeconds(mayBeLater ? 8 : 2)));
            all.assertThat(verdict.job())
                    .as("%s: nothing ran", way.signal())
                    .containsEntry("mayHaveRun", false);
        }
        assertThat(verdict.job().get("waiting")).as("it does not wait any more").isNull();
    }
}
