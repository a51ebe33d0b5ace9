package io.windlass.store;

import io.windlass.job.JobId;
import io.windlass.json.Json;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A filter as conditions on job j and job_state s. States stand in the text: an index that has some
 * of them only is not thought of for a parameter.
 */
final class JobConditions {
    private final List<String> conditions = new ArrayList<>();
    private final Map<String, Object> values = new HashMap<>();

    JobConditions(Jobs.Filter filter, Jobs.@Nullable After after) {
        if (filter.namespaces() != null) {
            conditions.add("j.namespace = any(:namespaces)");
            values.put("namespaces", filter.namespaces().toArray(String[]::new));
        }
        if (filter.ids() != null) {
            conditions.add("j.id = any(:ids)");
            values.put("ids", filter.ids().stream().map(JobId::value).toArray(UUID[]::new));
        }
        if (!filter.states().isEmpty()) {
            conditions.add(
                    filter.states().stream()
                            .map(state -> "'" + state + "'")
                            .sorted()
                            .collect(Collectors.joining(", ", "s.state in (", ")")));
        }
        if (!filter.labels().isEmpty()) {
            conditions.add("j.labels @> cast(:labels as jsonb)");
            values.put("labels", Json.write(filter.labels()));
        }
        add("j.name = :name", "name", filter.name());
        add("j.queue = :queue", "queue", filter.queue());
        add("j.schedule_id = :schedule", "schedule", filter.scheduleId());
        add("j.submitted_at >= :since", "since", Rows.time(filter.since()));
        add("j.submitted_at < :until", "until", Rows.time(filter.until()));
        if (filter.waiting() != null || filter.object() != null) {
            // implied by what follows, but of this the planner knows that it is rare
            conditions.add("s.waiting is not null");
        }
        String waitClass = filter.waiting() == null ? null : filter.waiting().name();
        add("s.waiting ->> 'class' = :waiting", "waiting", waitClass);
        add("s.waiting ->> 'object' = :object", "object", filter.object());
        if (after != null) {
            conditions.add("(j.submitted_at, j.id) < (:afterTime, :afterId)");
            values.put("afterTime", after.submittedAt().atOffset(ZoneOffset.UTC));
            values.put("afterId", after.id());
        }
    }

    private void add(String condition, String name, @Nullable Object value) {
        if (value != null) {
            conditions.add(condition);
            values.put(name, value);
        }
    }

    /** Empty where all are meant. */
    String where() {
        return conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions);
    }

    Map<String, Object> values() {
        return values;
    }
}
