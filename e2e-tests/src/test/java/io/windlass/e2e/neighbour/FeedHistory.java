package io.windlass.e2e.neighbour;

import io.windlass.json.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the lines of the stream have told of each job so far. */
final class FeedHistory {
    private final Map<String, Integer> versions = new HashMap<>();
    private final Map<String, String> states = new HashMap<>();
    private final Map<String, String> gaps = new HashMap<>();
    private String next = "";
    private String cursor = "";

    synchronized void line(String line) {
        if (line.startsWith("id:")) {
            next = line.substring(3).strip();
        } else if (line.startsWith("data:")) {
            event(Json.object(line.substring(5).strip()));
            // not before: where it was cut off in the middle it is to come again
            cursor = next;
        }
    }

    private void event(Map<String, Object> event) {
        String id = event.get("jobId").toString();
        int version = Integer.parseInt(event.get("version").toString());
        int expected = versions.getOrDefault(id, 0) + 1;
        if (version > expected) {
            gaps.put(
                    id,
                    "the feed gave version %d of job %s where %d was next"
                            .formatted(version, id, expected));
        }
        if (version >= expected) {
            versions.put(id, version);
            states.put(id, event.get("to").toString());
        }
    }

    /** Of the last event; empty before the first. */
    synchronized String cursor() {
        return cursor;
    }

    /** What it does not say of these jobs, which have all succeeded. */
    synchronized List<String> missing(Collection<String> ids) {
        List<String> missing = new ArrayList<>();
        for (String id : ids) {
            if (gaps.containsKey(id)) {
                missing.add(String.valueOf(gaps.get(id)));
            }
            if (!"SUCCEEDED".equals(states.get(id))) {
                missing.add(
                        "the feed does not tell the end of job %s, only %s"
                                .formatted(id, states.get(id)));
            }
        }
        return missing;
    }
}
