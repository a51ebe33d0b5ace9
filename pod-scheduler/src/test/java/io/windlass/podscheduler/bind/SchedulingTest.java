package io.windlass.podscheduler.bind;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.windlass.podscheduler.choose.Chooser;
import io.windlass.podscheduler.choose.Names;
import io.windlass.podscheduler.choose.PodView;
import io.windlass.podscheduler.choose.Policy;
import io.windlass.podscheduler.observe.Crowd;
import io.windlass.podscheduler.observe.Scene;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What becomes of decisions, whatever the API server answers. */
class SchedulingTest {
    private static final Outcome CONFLICT = new Outcome.Refused(409, "Conflict", "assigned");

    /** Answers in turn what it is told to, then takes everything. */
    private static final class FakeDeeds implements Deeds {
        final Deque<Outcome> answers = new ArrayDeque<>();
        final List<String> done = Collections.synchronizedList(new ArrayList<>());
        boolean there;

        @Override
        public synchronized Outcome bind(PodView pod, String node) {
            done.add("bind " + pod.name() + " " + node);
            Outcome next = answers.poll();
            return next == null ? new Outcome.Bound() : next;
        }

        @Override
        public boolean isAt(PodView pod, String node) {
            return there;
        }

        @Override
        public void tellBound(PodView pod, String node) {
            done.add("bound " + pod.name());
        }

        @Override
        public void tellWaiting(PodView pod, String version, String why) {
            done.add("waits " + pod.name() + " " + version);
        }

        @Override
        public void warn(PodView pod, String reason, String what) {
            done.add(reason + " " + pod.name());
        }
    }

    private final PrometheusMeterRegistry meters =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final FakeDeeds deeds = new FakeDeeds();
    private final Scene scene = new Scene("mine", () -> {}, System::nanoTime);
    private boolean leading = true;

    private void round() {
        round(false);
    }

    private void round(boolean bounded) {
        round(
                bounded,
                new Chooser(Policy.SPREAD, new Names("mine", false, List.of()), new Random(1)));
    }

    private void round(boolean bounded, Chooser chooser) {
        Tally tally = new Tally(meters, "mine", bounded);
        Bindings bindings = new Bindings(scene, deeds, tally, () -> leading, said -> {}, 4);
        new Scheduling(scene, () -> chooser, bindings, deeds, tally, () -> leading, said -> {})
                .round();
        bindings.finish();
    }

    @Test
    void shouldNotLetOnePodHoldUpTheOthersThatItCannotCopeWith() {
        Crowd.of(scene, "a", "b");
        Deque<Long> chance = new ArrayDeque<>(List.of(0L));
        round(
                false,
                new Chooser(
                        Policy.RANDOM,
                        new Names("mine", false, List.of()),
                        () -> {
                            if (chance.poll() != null) {
                                throw new IllegalStateException("a test");
                            }
                            return 0;
                        }));
        assertThat(deeds.done).containsExactly("bind b n", "bound b");
        assertThat(scene.due()).as("not at once again").isEmpty();
        assertThat(scene.waiting()).isEqualTo(1);
    }

    @Test
    void shouldBindAndSaySo() {
        Crowd.of(scene, "a");
        round();
        assertThat(deeds.done).containsExactly("bind a n", "bound a");
        assertThat(scene.waiting()).isZero();
        assertThat(meters.scrape())
                .contains(
                        "schedule_request_total{namespace=\"shop\",node=\"n\",pod=\"a\",scheduler=\"mine\"} 1.0",
                        "schedule_success_total{namespace=\"shop\",node=\"n\",pod=\"a\",scheduler=\"mine\"} 1.0",
                        "schedule_latency_seconds_bucket");
    }

    @Test
    void shouldLeavePodsNamesOutOfMetricsWhereThatIsAsked() {
        Crowd.of(scene, "a");
        round(true);
        assertThat(meters.scrape())
                .contains("schedule_success_total{namespace=\"shop\",node=\"n\",pod=\"\"")
                .doesNotContain("pod=\"a\"");
    }

    @Test
    void shouldAskForTheSameBindingAgainWhileNobodyAnswers() {
        Crowd.of(scene, "a");
        deeds.answers.add(new Outcome.Away("timeout"));
        deeds.answers.add(new Outcome.Away("503"));
        round();
        assertThat(deeds.done).containsExactly("bind a n", "bind a n", "bind a n", "bound a");
        assertThat(meters.scrape()).contains("reason=\"NoAnswer\"");
    }

    @Test
    void shouldKnowItsOwnBindingWhoseAnswerWasLost() {
        Crowd.of(scene, "a");
        deeds.answers.add(new Outcome.Away("timeout"));
        deeds.answers.add(CONFLICT);
        deeds.there = true;
        round();
        assertThat(deeds.done).endsWith("bound a");
        assertThat(scene.waiting()).isZero();
    }

    @Test
    void shouldLeaveAPodToWhoeverWasFaster() {
        Crowd.of(scene, "a");
        deeds.answers.add(CONFLICT);
        round();
        assertThat(deeds.done).containsExactly("bind a n");
        assertThat(scene.waiting()).as("until the watch says where it is").isEqualTo(1);
        assertThat(meters.scrape()).contains("http_status=\"409\"", "reason=\"Conflict\"");
    }

    @Test
    void shouldForgetADeletedPod() {
        Crowd.of(scene, "a");
        deeds.answers.add(new Outcome.Refused(404, "NotFound", "gone"));
        round();
        assertThat(scene.waiting()).isZero();
    }

    @Test
    void shouldSayWhatWasRefusedAndTryAgain() {
        Crowd.of(scene, "a");
        deeds.answers.add(new Outcome.Refused(403, "Forbidden", "no"));
        round();
        assertThat(deeds.done).containsExactly("bind a n", "FailedScheduling a");
        assertThat(scene.waiting()).isEqualTo(1);
    }

    @Test
    void shouldDoNothingWhileAnotherLeads() {
        Crowd.of(scene, "a");
        leading = false;
        round();
        assertThat(deeds.done).isEmpty();
    }

    @Test
    void shouldFillNoNodeTwiceInOneBurst() {
        Crowd.of(scene, "a", "b", "c", "d", "e");
        round();
        assertThat(deeds.done).filteredOn(d -> d.startsWith("bind")).hasSize(4);
        assertThat(deeds.done).filteredOn(d -> d.startsWith("waits")).containsExactly("waits e 1");
        assertThat(meters.scrape()).contains("reason=\"Unschedulable\"");
    }
}
