package io.windlass.schedule;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What applying a set does: nothing else is done, and nothing else is told of it. */
public record SetPlan(List<Step> steps, int unchanged, Optional<String> refusal) {
    /** With so many schedules a set may be emptied by half without further ado. */
    private static final int FEW = 2;

    /** One that is there already; its tree is as it was stored. */
    public record Existing(
            String namespace,
            String name,
            @Nullable String set,
            boolean paused,
            Map<String, @Nullable Object> tree) {
        String identity() {
            return namespace + "/" + name;
        }
    }

    /** What is done to one schedule. */
    public sealed interface Step {
        String identity();

        record Create(Schedule schedule, Calendar calendar) implements Step {
            @Override
            public String identity() {
                return schedule.identity();
            }
        }

        record Update(Schedule schedule, Calendar calendar, List<Change> changes) implements Step {
            @Override
            public String identity() {
                return schedule.identity();
            }
        }

        record Remove(Existing existing) implements Step {
            @Override
            public String identity() {
                return existing.identity();
            }
        }
    }

    /**
     * What is to be done so that there is what the set says.
     *
     * @param existing those of the set, and those that have a name which the set wants
     */
    public static SetPlan of(ScheduleSet set, List<Existing> existing) {
        Map<String, Existing> there = new HashMap<>();
        existing.forEach(one -> there.put(one.identity(), one));
        Map<String, ScheduleSet.Member> wanted = set.byIdentity();
        List<Step> steps = new ArrayList<>();
        List<String> foreign = new ArrayList<>();
        int unchanged = 0;
        for (ScheduleSet.Member member : wanted.values()) {
            Existing one = there.get(member.schedule().identity());
            if (one == null) {
                steps.add(new Step.Create(member.schedule(), member.calendar()));
            } else if (!set.name().equals(one.set())) {
                foreign.add(one.identity());
            } else {
                Schedule schedule =
                        member.saysPaused()
                                ? member.schedule()
                                : member.schedule().paused(one.paused());
                List<Change> changes = Change.between(one.tree(), ScheduleTree.of(schedule));
                if (changes.isEmpty()) {
                    unchanged++;
                } else {
                    steps.add(new Step.Update(schedule, member.calendar(), changes));
                }
            }
        }
        List<Existing> own = existing.stream().filter(one -> set.name().equals(one.set())).toList();
        List<Existing> extra =
                own.stream().filter(one -> !wanted.containsKey(one.identity())).toList();
        if (set.prune()) {
            extra.forEach(one -> steps.add(new Step.Remove(one)));
        }
        return new SetPlan(
                List.copyOf(steps), unchanged, refusal(set, foreign, own.size(), extra.size()));
    }

    private static Optional<String> refusal(
            ScheduleSet set, List<String> foreign, int own, int extra) {
        if (!foreign.isEmpty()) {
            return Optional.of(
                    "not of the set %s, and there already: %s; take them out of the set, or delete them first"
                            .formatted(set.name(), foreign));
        }
        boolean most = set.prune() && extra > FEW && extra * 2 > own;
        return most && !set.force()
                ? Optional.of(
                        "this would remove %d of the %d schedules of the set %s: say force if that is meant"
                                .formatted(extra, own, set.name()))
                : Optional.empty();
    }
}
