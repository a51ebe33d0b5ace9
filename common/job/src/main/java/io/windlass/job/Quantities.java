package io.windlass.job;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Amounts as Kubernetes writes them: {@code 500m}, {@code 1.5Gi}, {@code 1e3}. */
public final class Quantities {
    private static final Pattern QUANTITY =
            Pattern.compile("([+-]?[0-9.]{1,30}(?:[eE][-+]?[0-9]{1,2})?)([numkMGTPE]|[KMGTPE]i)?");
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

    private Quantities() {}

    /** Empty where the text is no amount. */
    public static Optional<BigDecimal> parse(String text) {
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
