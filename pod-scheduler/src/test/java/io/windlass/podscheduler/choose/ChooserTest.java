package io.windlass.podscheduler.choose;

import static io.windlass.podscheduler.choose.Samples.loaded;
import static io.windlass.podscheduler.choose.Samples.node;
import static io.windlass.podscheduler.choose.Samples.pod;
import static io.windlass.podscheduler.choose.Samples.tainted;
import static io.windlass.podscheduler.choose.Samples.wanting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class ChooserTest {
    private static final String LONG = "rf.scheduler.mine.shop/web-0";
    private static final String OURS = "mine.shop.pods.windlass.io/web-0";
    private static final String SHORT = "rf.scheduler.mine/web-0";

    private static Choice choose(Policy policy, PodView pod, Place... places) {
        return choose(policy, false, List.of(), pod, places);
    }

    private static Choice choose(
            Policy policy, boolean shortLabels, List<Rule> rules, PodView pod, Place... places) {
        return new Chooser(policy, new Names("mine", shortLabels, rules), new Random(1))
                .choose(pod, Volumes.NONE, List.of(places));
    }

    private static Choice ruled(Rule rule, PodView pod, Place... places) {
        return choose(Policy.STATIC, false, List.of(rule), pod, places);
    }

    private static Choice to(String node) {
        return new Choice.Bind(node, null);
    }

    private static Place labelled(String name, String... labels) {
        return node(
                name,
                Map.copyOf(
                        Set.of(labels).stream()
                                .collect(java.util.stream.Collectors.toMap(l -> l, l -> ""))));
    }

    private static String why(Choice choice) {
        return ((Choice.Wait) choice).why();
    }

    private static @Nullable String warning(Choice choice) {
        return ((Choice.Bind) choice).warning();
    }

    @Test
    void shouldGoWhereALabelOfEitherFormSays() {
        assertThat(choose(Policy.STATIC, pod("web-0"), node("a"), labelled("b", LONG)))
                .isEqualTo(to("b"));
        assertThat(choose(Policy.STATIC, pod("web-0"), node("a"), labelled("b", OURS)))
                .isEqualTo(to("b"));
    }

    @Test
    void shouldTakeTheShortLabelInTheDefaultNamespaceOrWhereItIsSaid() {
        Place[] places = {node("a"), labelled("b", SHORT)};
        assertThat(choose(Policy.STATIC, pod("default", "web-0", "1"), places)).isEqualTo(to("b"));
        assertThat(choose(Policy.STATIC, pod("web-0"), places)).isInstanceOf(Choice.Wait.class);
        assertThat(choose(Policy.STATIC, true, List.of(), pod("web-0"), places)).isEqualTo(to("b"));
    }

    @Test
    void shouldPreferTheLongerLabelThenTheShorterThenTheAnnotationThenTheRules() {
        List<Rule> rules = List.of(new Rule("web-*", null, "d", Map.of()));
        PodView pod = wanting(pod("web-0"), "c");
        Place a = labelled("a", SHORT);
        Place b = labelled("b", LONG);
        assertThat(choose(Policy.STATIC, true, rules, pod, a, b, node("c"), node("d")))
                .isEqualTo(to("b"));
        assertThat(choose(Policy.STATIC, true, rules, pod, a, node("b"), node("c"), node("d")))
                .isEqualTo(to("a"));
        assertThat(choose(Policy.STATIC, true, rules, pod, node("c"), node("d")))
                .isEqualTo(to("c"));
        assertThat(choose(Policy.STATIC, true, rules, pod("web-0"), node("c"), node("d")))
                .isEqualTo(to("d"));
    }

    @Test
    void shouldTakeTheFirstThatFitsOfTwoThatAreNamedAndWarn() {
        Choice choice =
                choose(
                        Policy.STATIC,
                        pod("web-0"),
                        tainted(labelled("a", LONG), Taint.cordoned()),
                        labelled("b", LONG),
                        labelled("c", OURS));
        assertThat(((Choice.Bind) choice).node()).isEqualTo("b");
        assertThat(warning(choice)).contains("3 nodes are named", "a, b, c", "b is the first");
    }

    @Test
    void shouldNeverGoElsewhereThanWhereItIsNamed() {
        Place full = loaded(labelled("a", LONG), "3.5");
        assertThat(why(choose(Policy.STATIC_THEN_SPREAD, pod("web-0"), full, node("b"))))
                .isEqualTo(
                        "0/1 nodes that label "
                                + LONG
                                + " names are available: a: Insufficient cpu.");
    }

    @Test
    void shouldSayWhatWouldNameANode() {
        assertThat(why(choose(Policy.STATIC, pod("web-0"), node("a"))))
                .contains(LONG, OURS, "no annotation windlass.io/node", "no rule");
    }

    @Test
    void shouldSayThatANamedNodeIsNotThere() {
        assertThat(why(choose(Policy.STATIC, wanting(pod("web-0"), "gone"), node("a"))))
                .isEqualTo("annotation windlass.io/node=gone names a node that is not there");
    }

    @Test
    void shouldSpreadWhatNothingNames() {
        assertThat(
                        choose(
                                Policy.STATIC_THEN_SPREAD,
                                pod("web-0"),
                                loaded(node("a"), "1"),
                                node("b")))
                .isEqualTo(to("b"));
    }

    @Test
    void shouldChooseTheEmptiestToSpreadAndTheFullestToPack() {
        Place[] places = {node("a"), loaded(node("b"), "1"), loaded(node("c"), "3.5")};
        assertThat(choose(Policy.SPREAD, pod("x"), places)).isEqualTo(to("a"));
        assertThat(choose(Policy.BINPACK, pod("x"), places)).isEqualTo(to("b"));
    }

    @Test
    void shouldHeedNoNamesUnderTheOtherPolicies() {
        assertThat(choose(Policy.SPREAD, pod("web-0"), node("a"), labelled("b", LONG)))
                .isEqualTo(to("a"));
    }

    @Test
    void shouldChooseAnyAtRandomThatFits() {
        Chooser chooser =
                new Chooser(Policy.RANDOM, new Names("mine", false, List.of()), new Random(1));
        Set<Choice> seen = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            seen.add(
                    chooser.choose(
                            pod("x"),
                            Volumes.NONE,
                            List.of(node("a"), loaded(node("b"), "4"), node("c"))));
        }
        assertThat(seen).containsExactlyInAnyOrder(to("a"), to("c"));
    }

    @Test
    void shouldCountObstaclesAsKubernetesDoes() {
        assertThat(
                        why(
                                choose(
                                        Policy.SPREAD,
                                        pod("x"),
                                        tainted(node("a"), Taint.cordoned()),
                                        loaded(node("b"), "4"),
                                        loaded(node("c"), "4"))))
                .isEqualTo(
                        "0/3 nodes are available: 1 node(s) were unschedulable, 2 Insufficient cpu.");
        assertThat(why(choose(Policy.SPREAD, pod("x"))))
                .isEqualTo("no nodes available to schedule pods");
    }

    @Test
    void shouldLetARuleNameANodeByThePodsOrdinal() {
        Rule rule = new Rule("web-*", "sh?p", "node-{ordinal}", Map.of());
        Place[] places = {node("node-0"), node("node-7")};
        assertThat(ruled(rule, pod("web-7"), places)).isEqualTo(to("node-7"));
        assertThat(ruled(rule, pod("web-x"), places)).isInstanceOf(Choice.Wait.class);
        assertThat(ruled(rule, pod("other", "web-7", "1"), places)).isInstanceOf(Choice.Wait.class);
        assertThat(ruled(rule, pod("web.7"), places)).isInstanceOf(Choice.Wait.class);
    }

    @Test
    void shouldSpreadOverTheNodesThatARuleSelects() {
        Rule rule = new Rule("web-*", null, null, Map.of("disk", "ssd"));
        Choice choice =
                ruled(
                        rule,
                        pod("web-0"),
                        node("a"),
                        loaded(node("b", Map.of("disk", "ssd")), "1"),
                        node("c", Map.of("disk", "ssd")));
        assertThat(choice).isEqualTo(to("c"));
    }

    @Test
    void shouldTakeTheFirstRuleThatMatches() {
        List<Rule> rules =
                List.of(new Rule("web-0", null, "b", Map.of()), new Rule("*", null, "a", Map.of()));
        assertThat(choose(Policy.STATIC, false, rules, pod("web-0"), node("a"), node("b")))
                .isEqualTo(to("b"));
    }

    @Test
    void shouldRefuseAPolicyThatIsNone() {
        assertThat(Policy.of("static-then-spread")).isEqualTo(Policy.STATIC_THEN_SPREAD);
        assertThatThrownBy(() -> Policy.of("fill"))
                .hasMessage(
                        "policy 'fill' is none of static, static-then-spread, spread, binpack, random");
    }
}
