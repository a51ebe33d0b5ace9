package io.windlass.web;

import io.micronaut.http.HttpResponse;
import io.windlass.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Some of many, and how to go on. */
final class Page {
    private Page() {}

    /** A page that is not full is the last. */
    static <T> HttpResponse<?> of(
            List<T> rows,
            int limit,
            Function<T, Map<String, @Nullable Object>> shown,
            Function<T, String> cursor) {
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("items", rows.stream().map(shown).toList());
        answer.put("next", rows.size() < limit ? null : cursor.apply(rows.getLast()));
        return HttpResponse.ok(Json.write(answer));
    }
}
