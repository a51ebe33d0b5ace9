package io.windlass.web;

import io.windlass.schedule.Calendar;
import io.windlass.schedule.Change;
import io.windlass.schedule.Schedule;
import io.windlass.schedule.ScheduleReader;
import io.windlass.schedule.ScheduleSet;
import io.windlass.schedule.ScheduleTree;
import io.windlass.schedule.SetPlan;
import io.windlass.schedule.SetPlan.Step;
import io.windlass.store.ScheduleChanges;
import io.windlass.store.Schedules.NewSchedule;
import io.windlass.store.Schedules.StoredSchedule;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Does what a set's plan says, or tells it; both by the same plan. */
@Singleton
final class SetApplication {
    private static final int INSTANTS = 10;

    private final ScheduleDesk desk;
    private final ScheduleChanges changes;

    SetApplication(ScheduleDesk desk, ScheduleChanges changes) {
        this.desk = desk;
        this.changes = changes;
    }

    /** The schedules that are there, and what is to be done with them. */
    private record Planned(SetPlan plan, Map<String, StoredSchedule> there) {}

    Map<String, @Nullable Object> tried(ScheduleSet set, Caller caller) {
        Planned planned = plan(set, changes.members(set.name(), names(set)), caller);
        return answer(set, planned, true);
    }

    Map<String, @Nullable Object> applied(ScheduleSet set, Caller caller) {
        Map<String, Calendar> calendars = new HashMap<>();
        set.members().forEach(m -> calendars.put(m.schedule().identity(), m.calendar()));
        AtomicReference<Planned> done = new AtomicReference<>();
        desk.apply(
                set.name(),
                names(set),
                stored -> Objects.requireNonNull(calendars.get(identity(stored))),
                there -> {
                    Planned planned = plan(set, there, caller);
                    planned.plan()
                            .refusal()
                            .ifPresent(refusal -> {
                                throw new ProblemException(Problem.SET_REFUSED, refusal);
                            });
                    done.set(planned);
                    return asChanges(set, planned, caller);
                });
        return answer(set, done.get(), false);
    }

    private static List<ScheduleChanges.Name> names(ScheduleSet set) {
        return set.members().stream()
                .map(ScheduleSet.Member::schedule)
                .map(s -> new ScheduleChanges.Name(s.namespace(), s.name()))
                .toList();
    }

    private static String identity(StoredSchedule stored) {
        return stored.namespace() + "/" + stored.name();
    }

    private Planned plan(ScheduleSet set, List<StoredSchedule> stored, Caller caller) {
        Map<String, StoredSchedule> there = new LinkedHashMap<>();
        for (StoredSchedule one : stored) {
            if (!caller.may(one.namespace())) {
                throw new ProblemException(
                        Problem.FORBIDDEN,
                        "set " + set.name() + " has schedules in namespaces that are not yours");
            }
            there.put(identity(one), one);
        }
        List<SetPlan.Existing> existing = stored.stream().map(this::existing).toList();
        return new Planned(SetPlan.of(set, existing), there);
    }

    /** Written as a schedule of now, so that only what somebody changed is a change. */
    private SetPlan.Existing existing(StoredSchedule stored) {
        return new SetPlan.Existing(
                stored.namespace(),
                stored.name(),
                stored.set(),
                stored.paused(),
                desk.read(stored) instanceof ScheduleReader.Result.Read read
                        ? ScheduleTree.of(read.schedule())
                        : stored.tree());
    }

    private static ScheduleChanges.Plan asChanges(ScheduleSet set, Planned planned, Caller caller) {
        List<NewSchedule> created = new ArrayList<>();
        List<NewSchedule> replaced = new ArrayList<>();
        List<UUID> removed = new ArrayList<>();
        for (Step step : planned.plan().steps()) {
            switch (step) {
                case Step.Create(Schedule schedule, Calendar calendar) ->
                        created.add(
                                ScheduleDesk.asNew(
                                        UUID.randomUUID(), schedule, set.name(), caller));
                case Step.Update(Schedule schedule, Calendar calendar, List<Change> changes) ->
                        replaced.add(
                                ScheduleDesk.asNew(
                                        id(planned, step), schedule, set.name(), caller));
                case Step.Remove(SetPlan.Existing existing) -> removed.add(id(planned, step));
            }
        }
        return new ScheduleChanges.Plan(created, replaced, removed);
    }

    private static UUID id(Planned planned, Step step) {
        return stored(planned, step).id();
    }

    private static StoredSchedule stored(Planned planned, Step step) {
        StoredSchedule stored = planned.there().get(step.identity());
        if (stored == null) {
            throw new IllegalStateException(step.identity() + " is not there");
        }
        return stored;
    }

    private Map<String, @Nullable Object> answer(ScheduleSet set, Planned planned, boolean dryRun) {
        Instant now = Instant.now();
        List<Object> created = new ArrayList<>();
        List<Object> updated = new ArrayList<>();
        List<Object> removed = new ArrayList<>();
        for (Step step : planned.plan().steps()) {
            switch (step) {
                case Step.Create(Schedule schedule, Calendar calendar) ->
                        created.add(step(step, List.of(), null, next(schedule, calendar, now)));
                case Step.Update(Schedule schedule, Calendar calendar, List<Change> changes) -> {
                    List<?> before = next(stored(planned, step), now);
                    List<?> after = next(schedule, calendar, now);
                    boolean same = before.equals(after);
                    updated.add(step(step, changes, same ? null : before, same ? null : after));
                }
                case Step.Remove remove ->
                        removed.add(step(step, List.of(), next(stored(planned, step), now), null));
            }
        }
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("set", set.name());
        tree.put("dryRun", dryRun);
        tree.put("refused", planned.plan().refusal().orElse(null));
        tree.put("unchanged", planned.plan().unchanged());
        tree.put("created", created);
        tree.put("updated", updated);
        tree.put("removed", removed);
        return tree;
    }

    private static Map<String, @Nullable Object> step(
            Step step, List<Change> changes, @Nullable List<?> before, @Nullable List<?> after) {
        String[] name = step.identity().split("/", 2);
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("namespace", name[0]);
        tree.put("name", name[1]);
        tree.put("changes", changes.stream().map(SetApplication::change).toList());
        tree.put("before", before);
        tree.put("after", after);
        return tree;
    }

    /** Values of variables are not told: what a set changes is read in logs of pipelines. */
    private static Map<String, @Nullable Object> change(Change change) {
        String field = change.pointer().substring(change.pointer().lastIndexOf('/') + 1);
        Map<String, @Nullable Object> before = new LinkedHashMap<>();
        Map<String, @Nullable Object> after = new LinkedHashMap<>();
        before.put(field, change.before());
        after.put(field, change.after());
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("pointer", change.pointer());
        tree.put("before", JobTree.withoutValues(before).get(field));
        tree.put("after", JobTree.withoutValues(after).get(field));
        return tree;
    }

    private List<?> next(StoredSchedule stored, Instant now) {
        return desk.read(stored) instanceof ScheduleReader.Result.Read read
                ? next(read.schedule(), read.calendar(), now)
                : List.of();
    }

    /** Nothing comes of a schedule that is paused. */
    private static List<?> next(Schedule schedule, Calendar calendar, Instant now) {
        return schedule.paused() ? List.of() : ScheduleAnswers.planned(calendar, now, INSTANTS);
    }
}
