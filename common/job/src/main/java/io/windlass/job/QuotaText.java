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
    private static final String BEGIN = "exceeded quota:";
    private static final Pattern LISTS =
            Pattern.compile(BEGIN + " ([^,]*), requested: (.*), used: .*, limited: (.*)");

    private QuotaText() {}

    static boolean is(String message) {
        return message.contains(BEGIN);
    }

    /** Read from its first mention on: a hostile text may hold a thousand. */
    private static Optional<Matcher> lists(String whole) {
        String message = BoundedText.start(whole);
        int begin = message.indexOf(BEGIN);
        Matcher lists = LISTS.matcher(begin < 0 ? "" : message.substring(begin));
        return lists.lookingAt() ? Optional.of(lists) : Optional.empty();
    }

    /** The quota that the text speaks of. */
    public static Optional<String> quota(String message) {
        return lists(message).map(lists -> lists.group(1).strip());
    }

    /**
     * It would not fit were nothing else there. False where the text cannot be read.
     *
     * @param now what quotas allow now; where the text's is among these, its own word counts
     */
    static boolean tooMuchForAnEmptyNamespace(
            String message, Map<String, Map<String, String>> now) {
        Matcher lists = lists(message).orElse(null);
        if (lists == null) {
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
