package io.windlass.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeFitTest {
    private static final NodeFit.Node SMALL =
            new NodeFit.Node(
                    "small",
                    Map.of("disk", "ssd", "cores", "4"),
                    Map.of("cpu", new BigDecimal(4), "pods", new BigDecimal(110)));
    private static final NodeFit.Node LARGE =
            new NodeFit.Node(
                    "large",
                    Map.of("cores", "64"),
                    Map.of("cpu", new BigDecimal(64), "pods", new BigDecimal(110)));
    private static final List<NodeFit.Node> BOTH = List.of(SMALL, LARGE);

    private static NodeFit.Needs needs(
            Map<String, String> selector, String cpu, NodeFit.Term... terms) {
        return new NodeFit.Needs(
                selector,
                List.of(terms),
                Map.of("cpu", new BigDecimal(cpu), "pods", BigDecimal.ONE));
    }

    private static boolean fits(NodeFit.Needs needs) {
        return NodeFit.whyNowhere(needs, BOTH).isEmpty();
    }

    @Test
    void shouldFindNoPlaceForWhatIsTooLargeOrAsksForLabelsThatNobodyHas() {
        assertThat(fits(needs(Map.of(), "64"))).isTrue();
        assertThat(fits(needs(Map.of(), "64.001"))).isFalse();
        assertThat(fits(needs(Map.of("disk", "ssd"), "4"))).isTrue();
        assertThat(fits(needs(Map.of("disk", "ssd"), "5"))).as("only the small one").isFalse();
        assertThat(NodeFit.whyNowhere(needs(Map.of("disk", "tape"), "1"), BOTH))
                .contains("none of 2 nodes has the labels that it asks for");
    }

    @Test
    void shouldNotJudgeByWhatEachNodeHasAndNoneReports() {
        for (String resource : List.of("memory", "ephemeral-storage")) {
            NodeFit.Needs needs =
                    new NodeFit.Needs(
                            Map.of(), List.of(), Map.of(resource, new BigDecimal(1_000_000)));
            assertThat(fits(needs)).as(resource).isTrue();
        }
        NodeFit.Needs device =
                new NodeFit.Needs(Map.of(), List.of(), Map.of("example.com/gpu", BigDecimal.ONE));
        assertThat(fits(device)).as("a device that no node has").isFalse();
    }

    @Test
    void shouldNotBlameTheJobWhereThereAreNoNodesAtAll() {
        assertThat(NodeFit.whyNowhere(needs(Map.of("disk", "tape"), "1"), List.of())).isEmpty();
    }

    @Test
    void shouldAskForEveryResource() {
        NodeFit.Needs gpu =
                new NodeFit.Needs(Map.of(), List.of(), Map.of("nvidia.com/gpu", BigDecimal.ONE));
        assertThat(fits(gpu)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "disk, In, ssd, true",
        "disk, In, tape, false",
        "disk, NotIn, ssd, true",
        "none, Exists, , false",
        "none, DoesNotExist, , true",
        "cores, Gt, 63, true",
        "cores, Gt, 64, false",
        "cores, Lt, 5, true",
        "cores, Lt, 4, false",
        "disk, Gt, 1, false",
        "disk, Newer, 1, true",
    })
    void shouldReadRequiredAffinity(String key, String operator, String value, boolean fits) {
        NodeFit.Requirement requirement =
                new NodeFit.Requirement(key, operator, value == null ? Set.of() : Set.of(value));
        assertThat(fits(needs(Map.of(), "1", new NodeFit.Term(List.of(requirement), List.of()))))
                .isEqualTo(fits);
    }

    @Test
    void shouldTakeTermsAsAlternativesAndAnEmptyOneForNone() {
        NodeFit.Term nowhere = new NodeFit.Term(List.of(), List.of());
        NodeFit.Term byName =
                new NodeFit.Term(
                        List.of(),
                        List.of(new NodeFit.Requirement("metadata.name", "In", Set.of("small"))));
        assertThat(fits(needs(Map.of(), "1", nowhere))).isFalse();
        assertThat(fits(needs(Map.of(), "1", nowhere, byName))).isTrue();
        assertThat(fits(needs(Map.of(), "5", nowhere, byName))).isFalse();
    }
}
