package io.windlass.podscheduler.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.windlass.podscheduler.choose.HostPort;
import io.windlass.podscheduler.choose.Load;
import io.windlass.podscheduler.choose.PodView;
import io.windlass.podscheduler.choose.Taint;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodReaderTest {
    private static final KubernetesSerialization YAML = new KubernetesSerialization();

    private static Pod pod(String spec) {
        return YAML.unmarshal(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: p, namespace: shop, uid: u, annotations: {windlass.io/node: n}}
                spec: {schedulerName: mine, %s}
                """
                        .formatted(spec),
                Pod.class);
    }

    private static PodView view(String spec) {
        return PodReader.view(pod(spec));
    }

    @Test
    void shouldReadWhereItWantsToBe() {
        assertThat(view("containers: []").wantedNode()).isEqualTo("n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    resourceClaims: [{name: gpu}] | resource claims
                    affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: zone}]}} | required pod affinity
                    affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: zone}]}} | required pod anti-affinity
                    topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: DoNotSchedule}] | hard topology spread constraints
                    """)
    void shouldKnowWhatItDoesNotSupport(String spec, String what) {
        assertThat(view(spec).unsupported()).containsExactly(what);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    affinity: {podAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1}]}}
                    topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: ScheduleAnyway}]
                    """)
    void shouldTakeWishesForWishes(String spec) {
        assertThat(view(spec).unsupported()).isEmpty();
    }

    @Test
    void shouldReadPortsOfTheHost() {
        assertThat(
                        view("""
                        containers: [{name: a, ports: [{containerPort: 1, hostPort: 80}, {containerPort: 2}]}],
                        initContainers: [
                          {name: i, ports: [{containerPort: 3, hostPort: 81}]},
                          {name: s, restartPolicy: Always, ports: [{containerPort: 4, hostPort: 82, hostIP: 10.0.0.1, protocol: UDP}]}]
                        """)
                                .ports())
                .containsExactly(
                        new HostPort("TCP", "0.0.0.0", 80), new HostPort("UDP", "10.0.0.1", 82));
        assertThat(
                        view("hostNetwork: true, containers: [{name: a, ports: [{containerPort: 2}]}]")
                                .ports())
                .containsExactly(new HostPort("TCP", "0.0.0.0", 2));
    }

    @Test
    void shouldReadItsClaims() {
        assertThat(
                        view("""
                        volumes: [
                          {name: a, persistentVolumeClaim: {claimName: data}},
                          {name: b, ephemeral: {volumeClaimTemplate: {spec: {}}}},
                          {name: c, emptyDir: {}}]
                        """)
                                .claims())
                .containsExactly("data", "p-b");
    }

    @Test
    void shouldLeaveAlonePodsThatAreHeldBackPlacedOrOnTheirWayOut() {
        assertThat(PodReader.isWaiting(pod("containers: []"))).isTrue();
        assertThat(PodReader.isWaiting(pod("schedulingGates: [{name: g}]"))).isFalse();
        assertThat(PodReader.isWaiting(pod("nodeName: n"))).isFalse();
        assertThat(
                        PodReader.isWaiting(
                                new PodBuilder(pod("containers: []"))
                                        .editMetadata()
                                        .withDeletionTimestamp("2026-01-01T00:00:00Z")
                                        .endMetadata()
                                        .build()))
                .isFalse();
    }

    @Test
    void shouldReadCordonsAndUnreadyNodesAsTheTaintsThatTheyAre() {
        Node node = Objects.node("n", "4");
        assertThat(PodReader.place(node).taints()).isEmpty();
        assertThat(PodReader.place(node).load()).isEqualTo(Load.NONE);
        Node cordoned =
                new NodeBuilder(node)
                        .withNewSpec()
                        .withUnschedulable(true)
                        .addNewTaint()
                        .withKey("k")
                        .withEffect("NoExecute")
                        .endTaint()
                        .endSpec()
                        .withNewStatus()
                        .endStatus()
                        .build();
        assertThat(PodReader.place(cordoned).taints())
                .isEqualTo(
                        List.of(
                                Taint.cordoned(),
                                Taint.notReady(),
                                new Taint("k", "", "NoExecute")));
    }
}
