package io.windlass.web;

import io.windlass.job.JobId;
import io.windlass.job.JobState;
import io.windlass.job.WaitClass;
import io.windlass.store.JobEndings;
import io.windlass.store.Jobs;
import io.windlass.store.Schedules;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which jobs: the parameters that the list and the calls in bulk have in common. */
final class JobFilters {
    private static final Set<String> PARAMETERS =
            Set.of(
                    "id",
                    "namespace",
                    "state",
                    "label",
                    "name",
                    "queue",
                    "schedule",
                    "since",
                    "until",
                    "waiting",
                    "object");

    private static final int MOST_ENDINGS = 500;

    /** More would not fit into the first line of a request. */
    private static final int MOST_IDS = 50;

    private static final int SHORTEST_ENDING = 8;

    private static final UUID NOBODY = new UUID(0, 0);

    private JobFilters() {}

    /** These, and what else a call takes. */
    static Set<String> and(String... more) {
        Set<String> all = new HashSet<>(PARAMETERS);
        all.addAll(List.of(more));
        return all;
    }

    /** Whether anything at all narrows them down. */
    static boolean given(Query query) {
        return PARAMETERS.stream().anyMatch(name -> !query.all(name).isEmpty());
    }

    static Jobs.Filter of(Query query, Caller caller, Schedules schedules) {
        return new Jobs.Filter(
                namespaces(query, caller),
                states(query),
                labels(query),
                query.text("name").orElse(null),
                query.text("queue").orElse(null),
                query.text("schedule").map(text -> schedule(text, schedules)).orElse(null),
                query.instant("since").orElse(null),
                query.instant("until").orElse(null),
                query.text("waiting").map(JobFilters::waiting).orElse(null),
                query.text("object").orElse(null),
                ids(query));
    }

    /** Null where none is given: all are meant. */
    private static @Nullable List<JobId> ids(Query query) {
        List<String> texts = query.all("id");
        if (texts.size() > MOST_IDS) {
            throw Query.malformed("id", "may be given " + MOST_IDS + " times");
        }
        return texts.isEmpty() ? null : texts.stream().map(JobFilters::id).toList();
    }

    private static JobId id(String text) {
        return JobId.parse(text)
                .orElseThrow(() -> Query.malformed("id", "must be the id of a job"));
    }

    /** Those of them whose ids end so. */
    static Jobs.Filter ending(Jobs.Filter filter, Query query, JobEndings endings) {
        String text = query.text("ending").orElse(null);
        if (text == null) {
            return filter;
        }
        String ending = text.toLowerCase(Locale.ROOT);
        if (!endsAnId(ending)) {
            throw Query.malformed("ending", "must be the last 8 or more characters of an id");
        }
        if (filter.ids() != null) {
            throw Query.malformed("ending", "may not be given with id");
        }
        return filter.among(endings.find(filter.namespaces(), ending, MOST_ENDINGS));
    }

    private static boolean endsAnId(String ending) {
        String digits = NOBODY.toString();
        int begin = digits.length() - ending.length();
        return ending.length() >= SHORTEST_ENDING
                && begin >= 0
                && ending.replaceAll("[0-9a-f]", "0").equals(digits.substring(begin));
    }

    static @Nullable Collection<String> namespaces(Query query, Caller caller) {
        String asked = query.text("namespace").orElse(null);
        if (asked == null) {
            return caller.visible();
        }
        return caller.may(asked) ? List.of(asked) : List.of();
    }

    private static Set<JobState> states(Query query) {
        Set<JobState> states = EnumSet.noneOf(JobState.class);
        for (String values : query.all("state")) {
            for (String value : values.split(",", -1)) {
                try {
                    states.add(JobState.valueOf(value));
                } catch (IllegalArgumentException e) {
                    throw Query.malformed("state", "must be of " + List.of(JobState.values()));
                }
            }
        }
        return states;
    }

    static Map<String, String> labels(Query query) {
        Map<String, String> labels = new LinkedHashMap<>();
        for (String label : query.all("label")) {
            int colon = label.indexOf(':');
            if (colon < 1 || label.indexOf('\0') >= 0) {
                throw Query.malformed("label", "must be key:value");
            }
            labels.put(label.substring(0, colon), label.substring(colon + 1));
        }
        return labels;
    }

    private static WaitClass waiting(String text) {
        try {
            return WaitClass.valueOf(text);
        } catch (IllegalArgumentException e) {
            throw Query.malformed("waiting", "must be of " + List.of(WaitClass.values()));
        }
    }

    /** Of one that is not there there are no jobs; by its id those of one that was deleted. */
    private static UUID schedule(String text, Schedules schedules) {
        String[] name = text.split("/", -1);
        if (name.length == 2) {
            return schedules
                    .find(name[0], name[1])
                    .map(Schedules.StoredSchedule::id)
                    .orElse(NOBODY);
        }
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw Query.malformed("schedule", "must be namespace/name of a schedule, or its id");
        }
    }
}
