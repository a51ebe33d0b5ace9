package io.windlass.podscheduler.bind;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.windlass.podscheduler.Fleet;
import io.windlass.podscheduler.choose.PodView;
import io.windlass.podscheduler.choose.Samples;
import java.time.Clock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** What a real API server makes of what is asked of it. */
@EnabledIf("io.windlass.testing.TestCluster#available")
class RealDeedsIT {
    private static Fleet fleet;
    private static Deeds deeds;

    @BeforeAll
    static void begin() {
        fleet = new Fleet(2, "8");
        deeds = new ApiDeeds(fleet.client, "nobody", Clock.systemUTC());
    }

    @AfterAll
    static void end() {
        if (fleet != null) {
            fleet.close();
        }
    }

    private static PodView made(String name) {
        Pod pod = fleet.pod(name, "nobody", "1");
        return Samples.pod(fleet.name, name, pod.getMetadata().getUid(), "1");
    }

    private static String version(String name) {
        return fleet.client
                .pods()
                .inNamespace(fleet.name)
                .withName(name)
                .get()
                .getMetadata()
                .getResourceVersion();
    }

    private static int refusal(Outcome outcome) {
        return ((Outcome.Refused) outcome).status();
    }

    @Test
    void shouldBindAPodOnce() {
        PodView pod = made("once");
        assertThat(deeds.bind(pod, fleet.node(0))).isEqualTo(new Outcome.Bound());
        assertThat(refusal(deeds.bind(pod, fleet.node(1)))).isEqualTo(409);
        assertThat(fleet.nodeOf("once")).isEqualTo(fleet.node(0));
        assertThat(deeds.isAt(pod, fleet.node(0))).isTrue();
        assertThat(deeds.isAt(pod, fleet.node(1))).isFalse();
    }

    @Test
    void shouldNotBindAnotherPodOfTheSameName() {
        PodView before = made("again");
        fleet.client.pods().inNamespace(fleet.name).withName("again").withGracePeriod(0).delete();
        Fleet.await()
                .until(() ->
                        fleet.nodeOf("again") == null
                                && fleet.pods().stream()
                                        .noneMatch(p -> p.getMetadata().getName().equals("again")));
        made("again");
        assertThat(refusal(deeds.bind(before, fleet.node(0)))).isEqualTo(409);
        assertThat(fleet.nodeOf("again")).isNull();
        assertThat(deeds.isAt(before, fleet.node(0))).isFalse();
    }

    @Test
    void shouldKnowThatAPodIsGone() {
        assertThat(refusal(deeds.bind(Samples.pod(fleet.name, "never", "u", "1"), fleet.node(0))))
                .isEqualTo(404);
    }

    @Test
    void shouldSayWhyAPodWaits() {
        PodView pod = made("waits");
        deeds.tellWaiting(pod, version("waits"), "because");
        assertThat(fleet.condition("waits")).contains("because");
        assertThat(fleet.events("waits", "FailedScheduling")).containsExactly("because");
    }

    @Test
    void shouldNotSayThatAPodWaitsThatIsBoundByNow() {
        PodView pod = made("late");
        String before = version("late");
        deeds.bind(pod, fleet.node(0));
        deeds.tellWaiting(pod, before, "because");
        assertThat(fleet.condition("late")).isEmpty();
        assertThat(fleet.events("late", "FailedScheduling")).isEmpty();
    }
}
