package io.windlass.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SharesTest {
    private static List<String> choose(List<String> line, Shares shares) {
        return Shares.choose(line, Integer.MAX_VALUE, who -> who, who -> List.of(shares));
    }

    private static List<String> many(String who, int count) {
        return Collections.nCopies(count, who);
    }

    @Test
    void shouldGiveAllToOneThatIsAlone() {
        Shares shares = new Shares(500, Map.of());
        assertThat(choose(many("a", 600), shares)).hasSize(500);
        assertThat(shares.free()).isZero();
    }

    @Test
    void shouldLeaveHalfOfWhatIsFreeToWhoComesLater() {
        Shares shares = new Shares(500, Map.of());
        List<String> line = new ArrayList<>();
        List.of("a", "b", "c").forEach(who -> line.addAll(many(who, 600)));
        choose(line, shares);
        assertThat(List.of(shares.of("a"), shares.of("b"), shares.of("c")))
                .as("a finds two others that wait, and c too")
                .allSatisfy(own -> assertThat(own).isBetween(60, 250));
        assertThat(shares.free()).isPositive();
        line.add("d");
        assertThat(choose(line, shares)).contains("d");
    }

    @Test
    void shouldKeepTheLastPlaceForOneThatHasNone() {
        Shares shares = new Shares(4, Map.of("a", 2, "b", 1));
        assertThat(choose(List.of("a", "b", "a", "c"), shares)).containsExactly("c");
    }

    /** The first pass passes a by; when b has gone nobody else waits. */
    @Test
    void shouldGoOnWithThoseHeldBackOnceNobodyElseWaits() {
        Shares shares = new Shares(10, Map.of("a", 6));
        assertThat(choose(List.of("a", "a", "a", "a", "b"), shares))
                .containsExactly("b", "a", "a", "a");
    }

    @Test
    void shouldGoByAllThatOneTakesAPlaceOf() {
        Shares all = new Shares(4, Map.of());
        Shares some = new Shares(2, Map.of());
        List<String> line = List.of("a!", "a!", "a!", "a", "a", "a");
        List<String> chosen =
                Shares.choose(
                        line,
                        Integer.MAX_VALUE,
                        one -> one.substring(0, 1),
                        one -> one.endsWith("!") ? List.of(all, some) : List.of(all));
        assertThat(chosen).containsExactly("a!", "a!", "a", "a");
    }

    @Test
    void shouldCountWhatIsGivenBack() {
        Shares shares = new Shares(2, Map.of("a", 1));
        Shares before = shares.copy();
        shares.giveBack("a");
        assertThat(shares.free()).isEqualTo(2);
        assertThat(shares.of("a")).isZero();
        assertThat(before.free()).isEqualTo(1);
        assertThat(new Shares(1, Map.of("a", 3)).mayTake("b", false)).isFalse();
    }

    /** Whoever comes and goes in whatever order. */
    @Test
    void shouldNeverShutOutOneThatHasNoneWhileAllOthersWait() {
        Random random = new Random(11);
        for (int run = 0; run < 2_000; run++) {
            int places = 16 + random.nextInt(40);
            List<String> hostile = List.of("a", "b", "c").subList(0, 2 + random.nextInt(2));
            Shares shares = new Shares(places, Map.of());
            Map<String, Integer> held = new HashMap<>();
            for (int step = 0; step < 30; step++) {
                List<String> line = new ArrayList<>();
                hostile.forEach(who -> line.addAll(many(who, 100)));
                Collections.shuffle(line, random);
                for (String who : choose(line, shares)) {
                    held.merge(who, 1, Integer::sum);
                }
                assertThat(shares.free()).as("of %s places", places).isPositive();
                assertThat(shares.free() + held.values().stream().mapToInt(i -> i).sum())
                        .isEqualTo(places);
                held.forEach((who, own) -> assertThat(shares.of(who)).isEqualTo(own));
                assertThat(choose(List.of("d", "d"), shares.copy())).isNotEmpty();
                for (String who : hostile) {
                    while (held.getOrDefault(who, 0) > 0 && random.nextInt(3) == 0) {
                        held.merge(who, -1, Integer::sum);
                        shares.giveBack(who);
                    }
                }
                held.values().removeIf(own -> own == 0);
            }
        }
    }

    @Test
    void shouldLeaveNoPlaceFreeWhereNobodyIsAtItsShare() {
        Random random = new Random(12);
        for (int run = 0; run < 2_000; run++) {
            Shares shares = new Shares(1 + random.nextInt(30), Map.of());
            List<String> line = new ArrayList<>();
            for (int i = random.nextInt(40); i > 0; i--) {
                line.add("abcde".substring(random.nextInt(5)).substring(0, 1));
            }
            List<String> left = new ArrayList<>(line);
            choose(line, shares).forEach(left::remove);
            assertThat(left)
                    .allSatisfy(who ->
                            assertThat(shares.of(who)).isGreaterThanOrEqualTo(shares.free()));
        }
    }
}
