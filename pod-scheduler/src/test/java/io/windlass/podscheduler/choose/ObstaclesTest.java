package io.windlass.podscheduler.choose;

import static io.windlass.podscheduler.choose.Samples.listening;
import static io.windlass.podscheduler.choose.Samples.loaded;
import static io.windlass.podscheduler.choose.Samples.needing;
import static io.windlass.podscheduler.choose.Samples.node;
import static io.windlass.podscheduler.choose.Samples.pod;
import static io.windlass.podscheduler.choose.Samples.tainted;
import static io.windlass.podscheduler.choose.Samples.tolerating;
import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.job.NodeFit;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Execution(ExecutionMode.CONCURRENT)
class ObstaclesTest {
    private static List<String> of(PodView pod, Place place) {
        return Obstacles.of(pod, Volumes.NONE, place);
    }

    @Test
    void shouldSeeNoneWhereItFitsToTheLastBit() {
        assertThat(of(pod("shop", "a", "4"), node("n"))).isEmpty();
        assertThat(of(pod("shop", "a", "3.5"), loaded(node("n"), "0.5"))).isEmpty();
    }

    @Test
    void shouldCountWhatIsTakenAlready() {
        assertThat(of(pod("shop", "a", "3.501"), loaded(node("n"), "0.5")))
                .containsExactly("Insufficient cpu");
    }

    @Test
    void shouldKnowTheLimitOfPods() {
        Place full = node("n");
        for (int i = 0; i < 10; i++) {
            full = loaded(full, "0");
        }
        assertThat(of(pod("shop", "a", "0"), full)).containsExactly("Too many pods");
    }

    @Test
    void shouldNotMindANodeThatIsOverfullOfWhatThePodDoesNotAskFor() {
        assertThat(of(pod("shop", "a", "0"), loaded(node("n"), "5"))).isEmpty();
    }

    @Test
    void shouldNameAllThatIsLacking() {
        PodView huge =
                needing(
                        pod("a"),
                        new NodeFit.Needs(
                                Map.of(),
                                List.of(),
                                Map.of(
                                        "cpu", new BigDecimal(5),
                                        "memory", new BigDecimal(9_000),
                                        "example.com/gpu", BigDecimal.ONE)));
        assertThat(of(huge, node("n")))
                .containsExactly(
                        "Insufficient cpu", "Insufficient example.com/gpu", "Insufficient memory");
    }

    @Test
    void shouldKeepOffACordonedNodeUnlessThatIsTolerated() {
        Place cordoned = tainted(node("n"), Taint.cordoned());
        assertThat(of(pod("a"), cordoned)).containsExactly("node(s) were unschedulable");
        PodView ofDaemonSet =
                tolerating(pod("a"), new Toleration(Taint.CORDONED, "Exists", "", "NoSchedule"));
        assertThat(of(ofDaemonSet, cordoned)).isEmpty();
    }

    @Test
    void shouldKeepOffANodeThatIsNotReady() {
        assertThat(of(pod("a"), tainted(node("n"), Taint.notReady())))
                .containsExactly("node(s) had untolerated taint {node.kubernetes.io/not-ready: }");
    }

    @ParameterizedTest
    @CsvSource({
        // key, operator, value, effect of the toleration of the taint k=v:NoSchedule
        "k, Equal, v, NoSchedule, true",
        "k, '', v, '', true",
        "k, Exists, '', NoSchedule, true",
        "'', Exists, '', '', true",
        "k, Equal, w, NoSchedule, false",
        "l, Exists, '', NoSchedule, false",
        "k, Equal, v, NoExecute, false",
        "k, Gt, 1, NoSchedule, false"
    })
    void shouldTolerateAsKubernetesDoes(
            String key, String operator, String value, String effect, boolean tolerated) {
        PodView pod = tolerating(pod("a"), new Toleration(key, operator, value, effect));
        assertThat(of(pod, tainted(node("n"), new Taint("k", "v", "NoSchedule"))).isEmpty())
                .isEqualTo(tolerated);
    }

    @Test
    void shouldTakeAPreferenceForNoObstacle() {
        assertThat(of(pod("a"), tainted(node("n"), new Taint("k", "v", "PreferNoSchedule"))))
                .isEmpty();
    }

    @Test
    void shouldAskForTheNodesLabelsAndItsName() {
        PodView ofDaemonSet =
                needing(
                        pod("a"),
                        new NodeFit.Needs(
                                Map.of(),
                                List.of(
                                        new NodeFit.Term(
                                                List.of(),
                                                List.of(
                                                        new NodeFit.Requirement(
                                                                "metadata.name",
                                                                "In",
                                                                Set.of("n"))))),
                                Map.of()));
        assertThat(of(ofDaemonSet, node("n"))).isEmpty();
        assertThat(of(ofDaemonSet, node("m")))
                .containsExactly("node(s) didn't match Pod's node affinity/selector");
    }

    @ParameterizedTest
    @CsvSource({
        "TCP, 0.0.0.0, 80, true",
        "TCP, 10.0.0.1, 80, true",
        "UDP, 0.0.0.0, 80, false",
        "TCP, 0.0.0.0, 81, false"
    })
    void shouldGiveAPortOfTheNodeToOneOnly(String protocol, String ip, int port, boolean clash) {
        Place taken =
                node("n").with(new Load(Map.of(), List.of(new HostPort("TCP", "0.0.0.0", 80))));
        PodView pod = listening(pod("a"), new HostPort(protocol, ip, port));
        assertThat(of(pod, taken).isEmpty()).isEqualTo(!clash);
    }

    @Test
    void shouldLetTwoAddressesHaveTheSamePort() {
        Place taken =
                node("n").with(new Load(Map.of(), List.of(new HostPort("TCP", "10.0.0.1", 80))));
        assertThat(of(listening(pod("a"), new HostPort("TCP", "10.0.0.2", 80)), taken)).isEmpty();
    }

    @Test
    void shouldGoWhereAllItsVolumesCanBeReached() {
        Volumes inZoneA =
                new Volumes(
                        List.of(
                                List.of(
                                        new NodeFit.Term(
                                                List.of(
                                                        new NodeFit.Requirement(
                                                                "zone", "In", Set.of("a"))),
                                                List.of()))),
                        List.of());
        assertThat(Obstacles.of(pod("a"), inZoneA, node("n", Map.of("zone", "a")))).isEmpty();
        assertThat(Obstacles.of(pod("a"), inZoneA, node("n", Map.of("zone", "b"))))
                .containsExactly("node(s) didn't match PersistentVolume's node affinity");
    }

    @Test
    void shouldHaveBackWhatAPodHadTaken() {
        Load load = new Load(Map.of("cpu", BigDecimal.ONE), List.of(new HostPort("TCP", "", 80)));
        Load left = Load.NONE.plus(load).plus(load).minus(load);
        assertThat(left).isEqualTo(Load.NONE.plus(load));
    }
}
