package io.windlass.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which job is meant by an id, its end, a name, or NAMESPACE/NAME. */
final class JobLookup {
    /** For the help of commands. */
    static final String WHAT =
            "its id, the last 8 or more characters of that, its name (the newest of that name), or NAMESPACE/NAME";

    private static final String JOBS = "/api/v1/jobs";
    private static final String NO_DIGITS = new UUID(0, 0).toString();
    private static final int SHORTEST_ENDING = 8;
    private static final int MOST_CANDIDATES = 20;

    private JobLookup() {}

    /** The id of the one job that is meant. */
    static String id(Server server, String text) throws Refusal {
        String small = text.toLowerCase(Locale.ROOT);
        if (small.length() == NO_DIGITS.length() && endsAnId(small)) {
            return small;
        }
        List<Map<String, @Nullable Object>> candidates = new ArrayList<>();
        if (endsAnId(small)) {
            candidates.addAll(server.items(JOBS, "&ending=" + small, MOST_CANDIDATES));
        }
        candidates.addAll(server.items(JOBS, named(text), 1));
        Map<Object, Map<String, @Nullable Object>> different = new LinkedHashMap<>();
        for (Map<String, @Nullable Object> job : candidates) {
            different.putIfAbsent(id(job), job);
        }
        if (different.isEmpty()) {
            throw new Refusal(
                    "there is no job '%s': give %s%s"
                            .formatted(
                                    text,
                                    WHAT,
                                    endsAnId(small)
                                            ? "; ends of ids are known of the newest 20,000 jobs"
                                            : ""));
        }
        if (different.size() > 1) {
            throw ambiguous(text, List.copyOf(different.values()));
        }
        return id(candidates.getFirst());
    }

    static List<String> ids(Server server, List<String> texts) throws Refusal {
        List<String> ids = new ArrayList<>();
        for (String text : texts) {
            ids.add(id(server, text));
        }
        return ids.stream().distinct().toList();
    }

    private static String id(Map<String, @Nullable Object> job) {
        return Objects.toString(job.get("id"), "");
    }

    private static boolean endsAnId(String text) {
        int begin = NO_DIGITS.length() - text.length();
        return text.length() >= SHORTEST_ENDING
                && begin >= 0
                && text.replaceAll("[0-9a-f]", "0").equals(NO_DIGITS.substring(begin));
    }

    private static String named(String text) throws Refusal {
        int slash = text.indexOf('/');
        if (text.isBlank() || slash != text.lastIndexOf('/')) {
            throw Refusal.wrongCall("'" + text + "' names no job: give " + WHAT);
        }
        return slash < 0
                ? "&name=" + URLEncoder.encode(text, UTF_8)
                : "&namespace="
                        + URLEncoder.encode(text.substring(0, slash), UTF_8)
                        + "&name="
                        + URLEncoder.encode(text.substring(slash + 1), UTF_8);
    }

    private static Refusal ambiguous(String text, List<Map<String, @Nullable Object>> jobs) {
        StringBuilder told =
                new StringBuilder("several jobs fit '" + text + "': give the id of one");
        for (Map<String, @Nullable Object> job : jobs) {
            told.append(
                    "\n  %s  %s/%s  %s  %s"
                            .formatted(
                                    job.get("id"),
                                    job.get("namespace"),
                                    job.get("name"),
                                    job.get("state"),
                                    job.get("submittedAt")));
        }
        return new Refusal(told.toString());
    }
}
