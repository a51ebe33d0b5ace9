package io.windlass.web;

import io.micronaut.http.HttpResponse;
import io.windlass.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Some of many, and how to go on. */
final class Page {
    private Page() {}

    /** Of items that are text already. */
    static byte[] text(List<String> items, @Nullable String next) {
        StringBuilder text = new StringBuilder("{\"items\":[");
        for (int i = 0; i < items.size(); i++) {
            text.append(i == 0 ? "" : ",").append(items.get(i));
        }
        text.append("],\"next\":").append(Json.write(next)).append('}');
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

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
