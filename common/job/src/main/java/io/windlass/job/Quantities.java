package io.windlass.job;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Amounts as Kubernetes writes them: {@code 500m}, {@code 1.5Gi}, {@code 1e3}. */
public final class Quantities {
    /** Of the grammar of Kubernetes, with an exponent that numbers of amounts have. */
    private static final Pattern QUANTITY =
            Pattern.compile(
                    "([+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+))"
                            + "(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?0{0,8}[0-9]{1,2}))?");

    private static final int LONGEST = 64;
    private static final int SMALLEST_SCALE = 9;
    private static final BigDecimal MOST_OF_POWERS_OF_TWO = BigDecimal.valueOf(Long.MAX_VALUE);
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

    /** Empty where the text is no amount; as Kubernetes rounds and bounds it. */
    public static Optional<BigDecimal> parse(String text) {
        Matcher matcher = QUANTITY.matcher(text);
        if (text.length() > LONGEST || !matcher.matches()) {
            return Optional.empty();
        }
        String suffix = matcher.group(2) == null ? "" : matcher.group(2);
        int exponent = matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3));
        BigDecimal amount =
                new BigDecimal(matcher.group(1))
                        .multiply(SUFFIXES.getOrDefault(suffix, BigDecimal.ONE))
                        .scaleByPowerOfTen(exponent);
        if (suffix.endsWith("i")) {
            amount = amount.min(MOST_OF_POWERS_OF_TWO).max(MOST_OF_POWERS_OF_TWO.negate());
        }
        return Optional.of(
                amount.scale() > SMALLEST_SCALE
                        ? amount.setScale(SMALLEST_SCALE, RoundingMode.UP)
                        : amount);
    }
}
