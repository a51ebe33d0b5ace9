package io.windlass.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.schedule.SetPlan.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SetPlanTest {
    @Test
    void shouldCreateUpdateAndLeaveWhatIsThatWayAlready() {
        SetPlan plan =
                plan(
                        set(
                                false,
                                false,
                                List.of(
                                        schedule("a", "1h"),
                                        schedule("b", "2h"),
                                        schedule("c", "3h"))),
                        existing("own", schedule("b", "2h"), false),
                        existing("own", schedule("c", "4h"), false),
                        existing("own", schedule("d", "4h"), false));
        assertThat(plan.refusal()).isEmpty();
        assertThat(plan.unchanged()).isEqualTo(1);
        assertThat(plan.steps()).map(Step::identity).containsExactly("default/a", "default/c");
        assertThat(plan.steps().get(1))
                .isInstanceOfSatisfying(
                        Step.Update.class,
                        update ->
                                assertThat(update.changes())
                                        .containsExactly(new Change("/every", "4h", "3h")));
    }

    @Test
    void shouldRemoveOnlyWhatItsOwnSetNoLongerHas() {
        SetPlan plan =
                plan(
                        set(true, false, List.of(schedule("a", "1h"))),
                        existing("own", schedule("a", "1h"), false),
                        existing("own", schedule("b", "1h"), false),
                        existing("other", schedule("c", "1h"), false),
                        existing(null, schedule("d", "1h"), false));
        assertThat(plan.steps()).map(Step::identity).containsExactly("default/b");
        assertThat(plan.steps().getFirst()).isInstanceOf(Step.Remove.class);
    }

    @Test
    void shouldNotRemoveMostOfASetUnlessForced() {
        List<SetPlan.Existing> ten = new ArrayList<>();
        IntStream.range(0, 10)
                .forEach(i -> ten.add(existing("own", schedule("s" + i, "1h"), false)));
        List<Map<String, Object>> four =
                IntStream.range(0, 4).mapToObj(i -> schedule("s" + i, "1h")).toList();
        List<Map<String, Object>> five =
                IntStream.range(0, 5).mapToObj(i -> schedule("s" + i, "1h")).toList();
        assertThat(SetPlan.of(set(true, false, four), ten).refusal())
                .hasValueSatisfying(
                        why -> assertThat(why).contains("remove 6 of the 10").contains("force"));
        assertThat(SetPlan.of(set(true, true, four), ten).refusal()).isEmpty();
        assertThat(SetPlan.of(set(true, false, five), ten).refusal()).isEmpty();
        assertThat(SetPlan.of(set(false, false, four), ten).steps()).isEmpty();
    }

    @Test
    void shouldNotTouchWhatAnotherSetOrNobodyOwns() {
        assertThat(
                        plan(
                                        set(false, false, List.of(schedule("a", "1h"))),
                                        existing("other", schedule("a", "1h"), false))
                                .refusal())
                .hasValueSatisfying(why -> assertThat(why).contains("default/a"));
        assertThat(
                        plan(
                                        set(false, false, List.of(schedule("a", "1h"))),
                                        existing(null, schedule("a", "1h"), false))
                                .refusal())
                .isPresent();
    }

    @Test
    void shouldLeaveAPauseOfAPersonWhereTheSetSaysNothing() {
        SetPlan.Existing paused = existing("own", schedule("a", "1h"), true);
        assertThat(plan(set(false, false, List.of(schedule("a", "1h"))), paused).steps()).isEmpty();
        assertThat(plan(set(false, false, List.of(schedule("a", "2h"))), paused).steps())
                .singleElement()
                .isInstanceOfSatisfying(
                        Step.Update.class,
                        update -> assertThat(update.schedule().paused()).isTrue());
    }

    private static Map<String, Object> schedule(String name, String every) {
        Map<String, Object> tree = new HashMap<>();
        tree.put("name", name);
        tree.put("every", every);
        tree.put("job", Map.of("image", "busybox:1.36"));
        return tree;
    }

    private static ScheduleSet set(
            boolean prune, boolean force, List<Map<String, Object>> schedules) {
        Object tree = Map.of("set", "own", "schedules", schedules, "prune", prune, "force", force);
        return switch (ScheduleSet.read(tree, "local", Zones.ofJdk())) {
            case ScheduleSet.Result.Read(ScheduleSet set) -> set;
            case ScheduleSet.Result.Wrong wrong -> throw new AssertionError(wrong);
        };
    }

    private static SetPlan.Existing existing(
            @Nullable String set, Map<String, Object> tree, boolean paused) {
        Schedule schedule =
                switch (ScheduleReader.read(tree, "local", Zones.ofJdk())) {
                    case ScheduleReader.Result.Read read -> read.schedule().paused(paused);
                    case ScheduleReader.Result.Wrong wrong -> throw new AssertionError(wrong);
                };
        return new SetPlan.Existing(
                "default", schedule.name(), set, paused, ScheduleTree.of(schedule));
    }

    private static SetPlan plan(ScheduleSet set, SetPlan.Existing... existing) {
        return SetPlan.of(set, List.of(existing));
    }
}
