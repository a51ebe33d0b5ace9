package io.windlass.benchmarks;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * One number of a run that the next run is compared with. Its name stays the same from run to run.
 *
 * @param part of the benchmark
 */
record Figure(String part, String name, String unit, Better better, double value) {
    /** The unit of what is compared with something plain in the same run. */
    static final String RATIO = "ratio";

    enum Better {
        LOWER,
        HIGHER
    }

    /** What does not change from run to run. */
    record Key(String part, String name) {
        @Override
        public String toString() {
            return part + ": " + name;
        }
    }

    Key key() {
        return new Key(part, name);
    }

    /** Four digits of a value say more than its run can repeat. */
    static String number(double value) {
        return new BigDecimal(value).round(new MathContext(4)).stripTrailingZeros().toPlainString();
    }

    boolean isReal() {
        return Double.isFinite(value) && value > 0;
    }
}
