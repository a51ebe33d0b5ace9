package io.windlass.podscheduler.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.windlass.podscheduler.choose.Choice;
import io.windlass.podscheduler.choose.Chooser;
import io.windlass.podscheduler.choose.Names;
import io.windlass.podscheduler.choose.Policy;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SceneTest {
    private static final Chooser SPREAD =
            new Chooser(Policy.SPREAD, new Names("mine", false, List.of()), new Random(1));

    private long now;
    private int rings;
    private final Scene scene = new Scene("mine", () -> rings++, () -> now);

    @BeforeEach
    void oneNodeOfFour() {
        scene.nodeIs(Objects.node("n", "4"));
    }

    private Waiting only() {
        assertThat(scene.due()).hasSize(1);
        return scene.due().getFirst();
    }

    private Choice placed(String name, String cpu) {
        scene.podIs(Objects.pod(name, cpu, null));
        return scene.place(only(), SPREAD);
    }

    @Test
    void shouldCountWhatWasOnlyJustDecided() {
        assertThat(placed("a", "3")).isEqualTo(new Choice.Bind("n", null));
        assertThat(placed("b", "3")).isInstanceOf(Choice.Wait.class);
    }

    @Test
    void shouldCountPodsOfEverybody() {
        Pod foreign =
                new PodBuilder(Objects.pod("a", "3", "n"))
                        .editSpec()
                        .withSchedulerName("default-scheduler")
                        .endSpec()
                        .build();
        scene.podIs(foreign);
        assertThat(placed("b", "3")).isInstanceOf(Choice.Wait.class);
    }

    @Test
    void shouldLeavePodsOfOtherSchedulersAlone() {
        scene.podIs(
                new PodBuilder(Objects.pod("a", "1", null))
                        .editSpec()
                        .withSchedulerName("default-scheduler")
                        .endSpec()
                        .build());
        assertThat(scene.due()).isEmpty();
    }

    @Test
    void shouldCountAPodOnceThatIsSeenWhereItWasPut() {
        placed("a", "3");
        scene.podIs(Objects.pod("a", "3", "n"));
        assertThat(placed("b", "1")).isInstanceOf(Choice.Bind.class);
        assertThat(placed("c", "1")).isInstanceOf(Choice.Wait.class);
    }

    @Test
    void shouldNotTakeOldNewsOfABoundPodForANewOne() {
        scene.podIs(Objects.pod("a", "1", null));
        Waiting one = only();
        scene.place(one, SPREAD);
        scene.isBound(one);
        scene.podIs(Objects.pod("a", "1", null));
        assertThat(scene.due()).isEmpty();
        assertThat(scene.waiting()).isZero();
    }

    @Test
    void shouldTryAPodAgainOnlyOnceSomethingHasChanged() {
        placed("a", "5");
        assertThat(scene.due()).isEmpty();
        int before = rings;
        scene.nodeIs(Objects.node("n", "4"));
        assertThat(scene.due()).as("a heartbeat").isEmpty();
        assertThat(rings).isEqualTo(before);
        scene.nodeIs(Objects.node("n", "6"));
        assertThat(scene.place(only(), SPREAD)).isEqualTo(new Choice.Bind("n", null));
    }

    @Test
    void shouldTryAgainOnceRoomIsFreed() {
        scene.podIs(Objects.pod("a", "3", "n"));
        assertThat(placed("b", "3")).isInstanceOf(Choice.Wait.class);
        scene.podGone("uid-of-a");
        assertThat(scene.place(only(), SPREAD)).isInstanceOf(Choice.Bind.class);
    }

    @Test
    void shouldTryAgainOnceThePodItselfIsAnother() {
        placed("a", "5");
        scene.podIs(
                new PodBuilder(Objects.pod("a", "5", null))
                        .editMetadata()
                        .withResourceVersion("2")
                        .addToLabels("any", "label")
                        .endMetadata()
                        .build());
        assertThat(scene.due()).as("nothing that matters").isEmpty();
        scene.podIs(
                new PodBuilder(Objects.pod("a", "5", null))
                        .editMetadata()
                        .addToAnnotations("windlass.io/node", "n")
                        .endMetadata()
                        .build());
        assertThat(only().pod().wantedNode()).isEqualTo("n");
    }

    @Test
    void shouldGiveBackWhatARefusedBindingHadTakenAndRestBeforeTheNext() {
        scene.podIs(Objects.pod("a", "3", null));
        Waiting one = only();
        scene.place(one, SPREAD);
        scene.isRefused(one, Duration.ofSeconds(2));
        assertThat(scene.due()).isEmpty();
        assertThat(scene.untilDue(Duration.ofSeconds(5))).isEqualTo(Duration.ofSeconds(2));
        assertThat(placed("b", "3")).isInstanceOf(Choice.Bind.class);
        now = Duration.ofSeconds(2).toNanos();
        assertThat(only()).isSameAs(one);
    }

    @Test
    void shouldForgetAPodThatIsGoneWhileItIsBeingBound() {
        scene.podIs(Objects.pod("a", "3", null));
        Waiting one = only();
        scene.place(one, SPREAD);
        scene.podGone("uid-of-a");
        assertThat(scene.isWaiting(one)).isFalse();
        scene.isRefused(one, Duration.ZERO);
        assertThat(scene.due()).isEmpty();
        assertThat(placed("b", "4")).as("its room").isInstanceOf(Choice.Bind.class);
    }

    @Test
    void shouldTakeTurnsByPriorityThenAge() {
        scene.podIs(at("late", 0, "2026-01-02T00:00:00Z"));
        scene.podIs(at("early", 0, "2026-01-01T00:00:00Z"));
        scene.podIs(at("high", 5, "2026-01-03T00:00:00Z"));
        assertThat(scene.due())
                .extracting(w -> w.pod().name())
                .containsExactly("high", "early", "late");
    }

    private static Pod at(String name, int priority, String created) {
        return new PodBuilder(Objects.pod(name, "1", null))
                .editMetadata()
                .withCreationTimestamp(created)
                .endMetadata()
                .editSpec()
                .withPriority(priority)
                .endSpec()
                .build();
    }

    @Test
    void shouldSetRightWhatAWatchHasMissed() {
        placed("assumed", "3");
        scene.podIs(Objects.pod("gone", "4", "n"));
        scene.nodeIs(Objects.node("gone", "4"));
        scene.podIs(Objects.pod("also-gone", "1", null));
        scene.reconcile(
                List.of(Objects.node("n", "4")),
                List.of(Objects.pod("assumed", "3", null), Objects.pod("new", "2", null)),
                List.of(),
                List.of());
        assertThat(only().pod().name()).isEqualTo("new");
        assertThat(scene.place(only(), SPREAD))
                .as("beside the assumed")
                .isInstanceOf(Choice.Wait.class);
        scene.podGone("uid-of-assumed");
        assertThat(scene.place(only(), SPREAD)).isEqualTo(new Choice.Bind("n", null));
    }

    @Test
    void shouldFollowClaimsToTheirVolumes() {
        scene.nodeIs(Objects.node("m", "4"));
        scene.podIs(mounting("data"));
        assertThat(scene.place(only(), SPREAD))
                .isEqualTo(new Choice.Wait("persistentvolumeclaim \"data\" not found"));
        scene.claimIs(claim("Pending", "ReadWriteOnce"));
        assertThat(why(scene.place(only(), SPREAD))).contains("not supported", "not bound");
        scene.volumeIs(volumeOf("m"));
        scene.claimIs(claim("Bound", "ReadWriteOnce"));
        assertThat(scene.place(only(), SPREAD)).isEqualTo(new Choice.Bind("m", null));
    }

    @Test
    void shouldNotShareAVolumeThatIsForOnePodOnly() {
        scene.podIs(mounting("data"));
        scene.volumeIs(volumeOf("n"));
        scene.claimIs(claim("Bound", "ReadWriteOncePod"));
        assertThat(why(scene.place(only(), SPREAD))).contains("not supported", "ReadWriteOncePod");
    }

    private static Pod mounting(String claim) {
        return new PodBuilder(Objects.pod("a", "1", null))
                .editSpec()
                .addNewVolume()
                .withName("v")
                .withNewPersistentVolumeClaim(claim, false)
                .endVolume()
                .endSpec()
                .build();
    }

    private static String why(Choice choice) {
        return ((Choice.Wait) choice).why();
    }

    private static PersistentVolumeClaim claim(String phase, String mode) {
        return new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName("data")
                .endMetadata()
                .withNewSpec()
                .withVolumeName("vol")
                .withAccessModes(mode)
                .endSpec()
                .withNewStatus()
                .withPhase(phase)
                .endStatus()
                .build();
    }

    private static PersistentVolume volumeOf(String node) {
        return new PersistentVolumeBuilder()
                .withNewMetadata()
                .withName("vol")
                .endMetadata()
                .withNewSpec()
                .withNewNodeAffinity()
                .withNewRequired()
                .addNewNodeSelectorTerm()
                .addNewMatchField()
                .withKey("metadata.name")
                .withOperator("In")
                .withValues(node)
                .endMatchField()
                .endNodeSelectorTerm()
                .endRequired()
                .endNodeAffinity()
                .endSpec()
                .build();
    }

    @Test
    void shouldKeepWhatIsTakenOfANodeThatComesLater() {
        scene.podIs(Objects.pod("a", "3", "late"));
        scene.nodeIs(new NodeBuilder(Objects.node("late", "4")).build());
        scene.podIs(Objects.pod("b", "4", null));
        assertThat(scene.place(only(), SPREAD)).isEqualTo(new Choice.Bind("n", null));
        assertThat(placed("c", "3")).isInstanceOf(Choice.Wait.class);
    }

    @Test
    void shouldNotSayTheSameTwiceNorEveryTurnOfIt() {
        scene.podIs(Objects.pod("a", "5", null));
        Waiting one = only();
        assertThat(scene.isToBeTold(one, "first")).isTrue();
        assertThat(scene.isToBeTold(one, "second")).as("right after").isFalse();
        now += Duration.ofSeconds(6).toNanos();
        assertThat(scene.isToBeTold(one, "second")).isTrue();
    }
}
