package io.windlass.schedule;

import io.windlass.job.FieldError;
import io.windlass.job.Fields;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All schedules that a set shall have: those that it names, and the instances of its templates. */
public record ScheduleSet(
        String name, boolean prune, boolean force, boolean dryRun, List<Member> members) {
    private static final Set<String> FIELDS =
            Set.of("set", "schedules", "templates", "instances", "prune", "force", "dryRun");
    private static final Set<String> INSTANCE = Set.of("template", "with");
    static final int MOST = 10_000;

    /** A schedule, where it is told, and whether the set says itself if it is paused. */
    public record Member(Schedule schedule, Calendar calendar, Place place, boolean saysPaused) {}

    /**
     * Where what is wrong with a schedule is to be mended.
     *
     * @param made by a template, so that its fields are not to be found there
     */
    public record Place(String pointer, boolean made) {
        public FieldError at(FieldError error) {
            return made
                    ? new FieldError(
                            pointer,
                            "makes a schedule whose " + error.pointer() + " " + error.message())
                    : new FieldError(pointer + error.pointer(), error.message());
        }
    }

    /** Either of the two. */
    public sealed interface Result {
        record Read(ScheduleSet set) implements Result {}

        record Wrong(List<FieldError> errors) implements Result {}
    }

    private record Placed(Map<String, @Nullable Object> tree, Place place) {}

    public static Result read(@Nullable Object tree, String defaultCluster, Zones zones) {
        return read(tree, defaultCluster, zones, bytes -> {});
    }

    /**
     * Counted while it grows.
     *
     * @param grows is told of so many bytes more that the instances of templates take, before they
     *     do
     */
    public static Result read(
            @Nullable Object tree, String defaultCluster, Zones zones, LongConsumer grows) {
        if (!(tree instanceof Map<?, ?> map)) {
            return new Result.Wrong(List.of(new FieldError("", "must be an object")));
        }
        List<FieldError> errors = new ArrayList<>();
        Fields in = new Fields(map, "", errors);
        in.onlyKnown(FIELDS);
        String name = in.name("set", "");
        if (!in.has("set")) {
            in.error("set", "is required: whose these schedules are");
        }
        List<Placed> placed = new ArrayList<>();
        in.objects(
                "schedules",
                schedule ->
                        placed.add(
                                new Placed(schedule.tree(), new Place(schedule.pointer(), false))));
        placed.addAll(instances(in, new Expansion(grows)));
        if (placed.size() > MOST) {
            errors.add(new FieldError("", "has more than " + MOST + " schedules"));
        }
        List<Member> members =
                errors.isEmpty() ? members(placed, defaultCluster, zones, errors) : List.of();
        boolean prune = Boolean.TRUE.equals(in.typed("prune", Boolean.class, "true or false"));
        boolean dryRun = Boolean.TRUE.equals(in.typed("dryRun", Boolean.class, "true or false"));
        boolean force = Boolean.TRUE.equals(in.typed("force", Boolean.class, "true or false"));
        return errors.isEmpty()
                ? new Result.Read(new ScheduleSet(name, prune, force, dryRun, members))
                : new Result.Wrong(List.copyOf(errors));
    }

    private static List<Placed> instances(Fields in, Expansion expansion) {
        List<Template> all = in.objects("templates", Template::read);
        Map<String, Template> templates =
                all.stream()
                        .collect(
                                Collectors.toMap(Template::name, Function.identity(), (a, b) -> a));
        if (templates.size() < all.size()) {
            in.error("templates", "must have different names");
        }
        return in.objects(
                "instances",
                instance -> {
                    instance.onlyKnown(INSTANCE);
                    String name = instance.text("template", "");
                    Template template = templates.get(name);
                    if (template == null) {
                        instance.error(
                                "template",
                                "is none of " + templates.keySet().stream().sorted().toList());
                        return null;
                    }
                    try {
                        return new Placed(
                                template.filled(instance.objectOrEmpty("with"), expansion),
                                new Place(instance.pointer(), true));
                    } catch (Expansion.TooLargeException e) {
                        instance.error("with", String.valueOf(e.getMessage()));
                        return null;
                    }
                });
    }

    private static List<Member> members(
            List<Placed> placed, String defaultCluster, Zones zones, List<FieldError> errors) {
        List<Member> members = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Placed one : placed) {
            switch (ScheduleReader.read(one.tree(), defaultCluster, zones)) {
                case ScheduleReader.Result.Read(Schedule schedule, Calendar calendar) -> {
                    if (!names.add(schedule.identity())) {
                        errors.add(
                                new FieldError(
                                        one.place().pointer(),
                                        "is " + schedule.identity() + " once more"));
                    }
                    members.add(
                            new Member(
                                    schedule,
                                    calendar,
                                    one.place(),
                                    one.tree().get("paused") != null));
                }
                case ScheduleReader.Result.Wrong(List<FieldError> wrong) ->
                        wrong.stream().map(one.place()::at).forEach(errors::add);
            }
        }
        return members;
    }

    Map<String, Member> byIdentity() {
        Map<String, Member> out = new LinkedHashMap<>();
        members.forEach(member -> out.put(member.schedule().identity(), member));
        return out;
    }
}
