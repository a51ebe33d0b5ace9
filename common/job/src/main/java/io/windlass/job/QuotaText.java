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
final class QuotaText {
    private static final Pattern LISTS =
            Pattern.compile("exceeded quota: .*requested: (.*), used: .*, limited: (.*)");
    private static final Pattern QUANTITY =
            Pattern.compile("([0-9.]{1,30}(?:[eE][-+]?[0-9]{1,2})?)([numkMGTPE]|[KMGTPE]i)?");
    private static final Map<String, BigDecimal> SUFFIXES = new HashMap<>();

    static {
        String[] small = {"m", "u", "n"};
        String[] large = {"k", "M", "G", "T", "P", "E"};
        SUFFIXES.put("", BigDecimal.ONE);
        for (int i = 0; i < small.length; i++) {
            SUFFIXES.put(small[i], BigDecimal.ONE.movePointLeft(3 * (i + 1)));
        }
        for (int i = 0; i < large.length; i++) {
            SUFFIXES.put(large[i], BigDecimal.ONE.movePointRight(3 * (i + 1)));
            String binary = (i == 0 ? "K" : large[i]) + "i";
            SUFFIXES.put(binary, BigDecimal.valueOf(1024).pow(i + 1));
        }
    }

    private QuotaText() {}

    static boolean is(String message) {
        return message.contains("exceeded quota:");
    }

    /** It would not fit were nothing else there. False where the text cannot be read. */
    static boolean tooMuchForAnEmptyNamespace(String message) {
        Matcher lists = LISTS.matcher(message);
        if (!lists.find()) {
            return false;
        }
        Map<String, BigDecimal> limits = quantities(lists.group(2));
        return quantities(lists.group(1)).entrySet().stream()
                .anyMatch(asked -> {
                    BigDecimal limit = limits.get(asked.getKey());
                    return limit != null && asked.getValue().compareTo(limit) > 0;
                });
    }

    private static Map<String, BigDecimal> quantities(String list) {
        Map<String, BigDecimal> quantities = new HashMap<>();
        for (String item : list.split(",", -1)) {
            int equals = item.lastIndexOf('=');
            if (equals > 0) {
                quantity(item.substring(equals + 1).strip())
                        .ifPresent(q -> quantities.put(item.substring(0, equals).strip(), q));
            }
        }
        return quantities;
    }

    private static Optional<BigDecimal> quantity(String text) {
        Matcher matcher = QUANTITY.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String suffix = matcher.group(2) == null ? "" : matcher.group(2);
        try {
            return Optional.of(
                    new BigDecimal(matcher.group(1))
                            .multiply(SUFFIXES.getOrDefault(suffix, BigDecimal.ONE)));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
