package io.windlass.e2e.neighbour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NeighbourPartsTest {
    @Test
    void shouldFindPercentiles() {
        Latencies hundred =
                Latencies.of(
                        IntStream.rangeClosed(1, 100)
                                .mapToObj(i -> Duration.ofMillis(101 - i))
                                .toList());
        assertThat(hundred.percentile(95)).isEqualTo(Duration.ofMillis(95));
        assertThat(hundred.percentile(50)).isEqualTo(Duration.ofMillis(50));
        Latencies one = Latencies.of(List.of(Duration.ofMillis(7)));
        assertThat(one.percentile(95)).isEqualTo(Duration.ofMillis(7));
        assertThat(one.text()).isEqualTo("1 jobs, p50 7 ms, p95 7 ms, longest 7 ms");
        Latencies none = Latencies.of(List.of());
        assertThatThrownBy(() -> none.percentile(95)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldCountInstants() {
        Instant noon = Instant.parse("2026-01-01T12:00:00Z");
        assertThat(TickingSchedules.instants(5, 30, noon, noon.plusSeconds(60))).isEqualTo(2);
        assertThat(TickingSchedules.instants(5, 30, noon.plusSeconds(5), noon.plusSeconds(35)))
                .as("not the first, but the last")
                .isEqualTo(1);
        assertThat(
                        TickingSchedules.instants(
                                5, 30, noon.plusMillis(4_999), noon.plusMillis(34_999)))
                .isEqualTo(1);
        assertThat(TickingSchedules.instants(0, 10, noon, noon)).isZero();
    }

    @Test
    void shouldKnowWhatALogIsToBe() {
        assertThat(new String(FollowedLogs.written(2), StandardCharsets.UTF_8))
                .startsWith("second 0 line 1\nsecond 0 line 2\n")
                .endsWith("second 1 line 4\nsecond 1 line 5\n")
                .hasLineCount(10);
    }

    @Test
    void shouldTellWhatTheFeedDidNotTell() {
        FeedHistory feed = new FeedHistory();
        tell(feed, "a", 1, "QUEUED");
        tell(feed, "a", 2, "STARTING");
        tell(feed, "a", 2, "STARTING");
        tell(feed, "a", 3, "SUCCEEDED");
        tell(feed, "b", 1, "QUEUED");
        tell(feed, "b", 3, "SUCCEEDED");
        tell(feed, "c", 1, "QUEUED");
        feed.line(": heartbeat");
        assertThat(feed.missing(List.of("a"))).isEmpty();
        assertThat(feed.missing(List.of("b")))
                .containsExactly("the feed gave version 3 of job b where 2 was next");
        assertThat(feed.missing(List.of("c", "d")))
                .containsExactly(
                        "the feed does not tell the end of job c, only QUEUED",
                        "the feed does not tell the end of job d, only null");
    }

    @Test
    void shouldGoOnBehindTheLastEventThatCameWhole() {
        FeedHistory feed = new FeedHistory();
        tell(feed, "a", 1, "QUEUED");
        feed.line("id: cut");
        assertThat(feed.cursor()).isEqualTo("a-1");
    }

    private static void tell(FeedHistory feed, String id, int version, String to) {
        feed.line("id: %s-%d".formatted(id, version));
        feed.line(
                "data: {\"jobId\":\"%s\",\"version\":%d,\"to\":\"%s\"}".formatted(id, version, to));
        feed.line("");
    }

    @Test
    void shouldSendAgainWhatMayCome() {
        assertThat(
                        IntStream.of(200, 202, 400, 404, 409, 422, 429, 500, 502, 503)
                                .filter(PatientClient::mayBeSentAgain))
                .containsExactly(429, 503);
    }

    @Test
    void shouldCountTheMemoryThatCannotBeGivenBack() {
        String status =
                "Name:\tjava\nVmHWM:\t  700000 kB\nVmRSS:\t  600000 kB\nRssAnon:\t  500000 kB\n"
                        + "RssFile:\t   99000 kB\nRssShmem:\t    1000 kB\n";
        assertThat(ProcessWatch.memory(status)).isEqualTo(501_000L << 10);
    }

    @Test
    void shouldReadTheMemoryOfALivingProcess() throws Exception {
        assertThat(ProcessWatch.memory(ProcessHandle.current().pid())).isGreaterThan(10L << 20);
        assertThat(ProcessWatch.memory(0)).isZero();
    }
}
