package io.windlass.job;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the API server says when a quota is in the way: {@code exceeded quota: team, requested:
 * cpu=2, used: cpu=1, limited: cpu=1}.
 */
public final class QuotaText {
    private static final Pattern LISTS =
            Pattern.compile("exceeded quota: ([^,]*), requested: (.*), used: .*, limited: (.*)");

    private QuotaText() {}

    static boolean is(String message) {
        return message.contains("exceeded quota:");
    }

    /** The quota that the text speaks of. */
    public static Optional<String> quota(String message) {
        Matcher lists = LISTS.matcher(BoundedText.start(message));
        return lists.find() ? Optional.of(lists.group(1).strip()) : Optional.empty();
    }

    /**
     * It would not fit were nothing else there. False where the text cannot be read.
     *
     * @param now what quotas allow now; where the text's is among these, its own word counts
     */
    static boolean tooMuchForAnEmptyNamespace(
            String message, Map<String, Map<String, String>> now) {
        Matcher lists = LISTS.matcher(BoundedText.start(message));
        if (!lists.find()) {
            return false;
        }
        Map<String, String> live = now.get(lists.group(1).strip());
        Map<String, BigDecimal> limits =
                live == null ? quantities(lists.group(3)) : quantities(live);
        return quantities(lists.group(2)).entrySet().stream()
                .anyMatch(asked -> {
                    BigDecimal limit = limits.get(asked.getKey());
                    return limit != null && asked.getValue().compareTo(limit) > 0;
                });
    }

    private static Map<String, BigDecimal> quantities(String list) {
        Map<String, String> texts = new HashMap<>();
        for (String item : list.split(",", -1)) {
            int equals = item.lastIndexOf('=');
            if (equals > 0) {
                texts.put(item.substring(0, equals).strip(), item.substring(equals + 1).strip());
            }
        }
        return quantities(texts);
    }

    private static Map<String, BigDecimal> quantities(Map<String, String> texts) {
        Map<String, BigDecimal> quantities = new HashMap<>();
        texts.forEach((name, text) ->
                Quantities.parse(text).ifPresent(amount -> quantities.put(name, amount)));
        return quantities;
    }
}
