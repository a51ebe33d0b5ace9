package io.windlass.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.store.ClusterAnswers.Asked;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Each condition of a declaration, on both sides of its border. */
class ClusterAnswersTest {
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
    private static final Duration TICK = Duration.ofNanos(1_000);
    private static final Duration SILENCE = Duration.ofMinutes(5);
    private static final Duration RECENT = Duration.ofMinutes(1);

    private static Asked asked(Duration ago, @Nullable String identity, @Nullable Duration vain) {
        return new Asked(
                UUID.randomUUID(),
                NOW.minus(ago),
                identity,
                NOW.minus(ago),
                vain == null ? null : NOW.minus(vain));
    }

    private static Asked inVain(Duration since) {
        return asked(Duration.ofSeconds(1), null, since);
    }

    private static List<String> missing(@Nullable Duration heartbeatAgo, Asked... replicas) {
        Instant heartbeat = heartbeatAgo == null ? null : NOW.minus(heartbeatAgo);
        return new ClusterAnswers("lost", heartbeat, List.of(replicas), NOW).missing("lost");
    }

    @Test
    void shouldTakeNothingAmissWhereAllHaveAskedInVainForLongEnough() {
        assertThat(missing(SILENCE, inVain(SILENCE), inVain(Duration.ofHours(1)))).isEmpty();
    }

    @Test
    void shouldWaitUntilTheLastHeartbeatIsFiveMinutesAgo() {
        assertThat(missing(SILENCE, inVain(SILENCE))).isEmpty();
        assertThat(missing(SILENCE.minus(TICK), inVain(SILENCE)))
                .singleElement()
                .asString()
                .contains("it answered at 2026-11-26T11:55:00.000001Z");
    }

    @Test
    void shouldWaitUntilEveryReplicaHasAskedInVainForFiveMinutes() {
        Asked tooSoon = inVain(SILENCE.minus(TICK));
        assertThat(missing(SILENCE, inVain(SILENCE), tooSoon))
                .singleElement()
                .asString()
                .contains(tooSoon.replica().toString());
    }

    @Test
    void shouldBelieveSilenceOnlyOfWhoAskedWithinTheLastMinute() {
        assertThat(missing(SILENCE, asked(RECENT, null, SILENCE))).isEmpty();
        assertThat(missing(SILENCE, asked(RECENT.plus(TICK), null, SILENCE)))
                .singleElement()
                .asString()
                .contains("nobody asks");
        assertThat(missing(SILENCE)).singleElement().asString().contains("the last at never");
    }

    @Test
    void shouldNotLetTheSilenceOfOneCountAgainstWhatAnotherHears() {
        Asked hears = asked(Duration.ofSeconds(1), "lost", null);
        assertThat(missing(SILENCE, inVain(SILENCE), hears))
                .singleElement()
                .asString()
                .contains("answered messages-processor " + hears.replica());
    }

    @Test
    void shouldNotTakeARefusalForSilence() {
        assertThat(missing(SILENCE, inVain(SILENCE), asked(Duration.ZERO, null, null)))
                .singleElement()
                .asString()
                .contains("is there, and refuses");
    }

    @Test
    void shouldForgetWhoIsGone() {
        assertThat(missing(SILENCE, inVain(SILENCE), asked(Duration.ofMinutes(6), "lost", null)))
                .isEmpty();
    }

    @Test
    void shouldTakeTheAnswerOfAnotherClusterForTheLossOfThisOne() {
        assertThat(missing(SILENCE, asked(Duration.ZERO, "another", SILENCE))).isEmpty();
        assertThat(missing(SILENCE, asked(Duration.ZERO, "another", SILENCE.minus(TICK))))
                .hasSize(1);
    }

    @Test
    void shouldSayWhichClusterIsKnownWhereAnotherIsDeclared() {
        ClusterAnswers answers = new ClusterAnswers("known", null, List.of(inVain(SILENCE)), NOW);
        assertThat(answers.missing("lost")).singleElement().asString().contains("known");
        assertThat(answers.missing("known")).isEmpty();
    }
}
