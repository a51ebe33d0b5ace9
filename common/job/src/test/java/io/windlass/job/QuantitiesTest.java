package io.windlass.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Finding P59: amounts are what Kubernetes' own parser takes for them. */
class QuantitiesTest {
    private static final Pattern DIGIT = Pattern.compile("^[+-]?\\.?[0-9]");

    private static String table() throws IOException {
        try (InputStream in = QuantitiesTest.class.getResourceAsStream("/quantities.tsv")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void shouldReadAmountsAsTheParserOfKubernetesDoes() throws IOException {
        SoftAssertions all = new SoftAssertions();
        long rows =
                table().lines()
                        .filter(line -> !line.startsWith("#"))
                        .peek(line -> check(all, line.split("\t", -1)))
                        .count();
        all.assertAll();
        assertThat(rows).isGreaterThan(3_000);
    }

    /** A suffix, a sign or a point alone is nothing to the parser; nobody means it. */
    private static void check(SoftAssertions all, String[] row) {
        boolean amount = !row[1].isEmpty() && DIGIT.matcher(row[0]).find();
        Optional<BigDecimal> expected =
                amount
                        ? Optional.of(new BigDecimal(row[1]).stripTrailingZeros())
                        : Optional.empty();
        all.assertThat(Quantities.parse(row[0]).map(BigDecimal::stripTrailingZeros))
                .as(row[0])
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {".5", "1.", "+1", "1e+3", "5e-1", "9223372036854775807", "500m", "1.5Gi"})
    void shouldTakeAsResourcesWhatKubernetesTakes(String amount) {
        assertThat(Syntax.quantity(amount)).isTrue();
    }

    /** The first are amounts, if none of a resource; the others none that anybody could mean. */
    @ParameterizedTest
    @ValueSource(strings = {"-1", "-.5Gi", "1e100", "1e-999999999", "1e99999999999999999999"})
    void shouldNotTakeAsResourcesWhatNoContainerCanHave(String amount) {
        assertThat(Syntax.quantity(amount)).isFalse();
    }

    @Test
    void shouldNotReadAmountsWithoutEnd() {
        assertThat(Quantities.parse("1".repeat(64))).isPresent();
        assertThat(Quantities.parse("1".repeat(65))).isEmpty();
    }
}
