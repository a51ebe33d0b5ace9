package io.windlass.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.windlass.job.FieldError;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ScheduleReaderTest {
    private static final Map<String, Object> JOB = Map.of("image", "busybox:1.36");

    @Test
    void shouldFillInWhatIsUsual() {
        Schedule schedule = read(Map.of("name", "nightly", "cron", "30 2 * * *", "job", JOB));
        assertThat(schedule.namespace()).isEqualTo("default");
        assertThat(schedule.when())
                .isEqualTo(new Schedule.When("30 2 * * *", null, "UTC", Duration.ZERO, null, null));
        assertThat(schedule.concurrency()).isEqualTo(Concurrency.ALLOW);
        assertThat(schedule.catchUp()).isEqualTo(new CatchUp.Latest());
        assertThat(schedule.keep()).isEqualTo(new Keep(3, 10, Duration.ofDays(30)));
        assertThat(schedule.job().name()).isEqualTo("nightly");
        assertThat(schedule.job().namespace()).isEqualTo("default");
    }

    /** One that is read and then cannot be calculated breaks every list that shows it. */
    @Test
    void shouldReadNothingThatCannotBeCalculated() {
        List<Map<String, Object>> odd =
                List.of(
                        Map.of("startAt", "-300000000-01-01T00:00:00Z"),
                        Map.of("startAt", "+300000000-01-01T00:00:00Z"),
                        Map.of("jitter", "PT0.0001S"));
        assertThat(odd)
                .allSatisfy(more -> {
                    Map<String, Object> tree = new LinkedHashMap<>(more);
                    tree.putAll(Map.of("name", "odd", "every", "1h", "job", JOB));
                    assertThatCode(() -> nextAfterNow(tree)).doesNotThrowAnyException();
                });
    }

    private static void nextAfterNow(Map<String, Object> tree) {
        if (ScheduleReader.read(tree, "local", Zones.ofJdk())
                instanceof ScheduleReader.Result.Read(Schedule schedule, Calendar calendar)) {
            calendar.after(Instant.parse("2027-01-01T00:00:00Z"));
        }
    }

    @Test
    void shouldReadBackWhatItsTreeSays() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", "hourly");
        tree.put("namespace", "team-a");
        tree.put("every", "1h");
        tree.put("timeZone", "Europe/Berlin");
        tree.put("paused", true);
        tree.put("concurrency", "Queue");
        tree.put("startingDeadline", "10m");
        tree.put("catchUp", Map.of("all", new BigDecimal("100")));
        tree.put("jitter", "30s");
        tree.put("startAt", "2027-01-01T00:00:00+01:00");
        tree.put("endAt", "2028-01-01T00:00:00Z");
        tree.put(
                "keep",
                Map.of(
                        "succeeded",
                        new BigDecimal("1"),
                        "failed",
                        new BigDecimal("2"),
                        "age",
                        "2d"));
        tree.put("labels", Map.of("team", "a"));
        tree.put("job", Map.of("name", "other", "image", "busybox:1.36", "timeout", "5m"));
        Schedule schedule = read(tree);
        assertThat(schedule.when().startAt()).isEqualTo(Instant.parse("2026-12-31T23:00:00Z"));
        assertThat(schedule.catchUp()).isEqualTo(new CatchUp.All(100));
        assertThat(schedule.job().name()).isEqualTo("other");
        assertThat(read(numbers(ScheduleTree.of(schedule)))).isEqualTo(schedule);
    }

    @Test
    void shouldNameEachFieldThatIsWrong() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", "Nightly");
        tree.put("colour", "red");
        tree.put("concurrency", "Sometimes");
        tree.put("catchUp", Map.of("all", new BigDecimal("0")));
        tree.put("jitter", "2d");
        tree.put("startAt", "tomorrow");
        tree.put("keep", Map.of("succeeded", new BigDecimal("-1")));
        tree.put(
                "job",
                Map.of(
                        "image",
                        "busybox:1.36",
                        "namespace",
                        "elsewhere",
                        "retries",
                        new BigDecimal("1")));
        assertThat(errors(tree))
                .extracting(FieldError::pointer)
                .containsExactlyInAnyOrder(
                        "/name",
                        "/colour",
                        "/concurrency",
                        "/catchUp",
                        "/jitter",
                        "/startAt",
                        "/keep/succeeded",
                        "/job/namespace",
                        "/job/retries");
    }

    @Test
    void shouldWantOneOfCronAndEvery() {
        assertThat(errors(Map.of("name", "a", "job", JOB)))
                .map(FieldError::pointer)
                .containsExactly("/cron");
        assertThat(errors(Map.of("name", "a", "cron", "* * * * *", "every", "1m", "job", JOB)))
                .containsExactly(
                        new FieldError("/cron", "either cron or every is required, and not both"));
    }

    @Test
    void shouldRefuseWhatCanNeverFire() {
        assertThat(errors(Map.of("name", "a", "cron", "0 0 31 2 *", "job", JOB)))
                .containsExactly(new FieldError("/cron", "names no day that any year has"));
        assertThat(
                        errors(
                                Map.of(
                                        "name",
                                        "a",
                                        "cron",
                                        "0 0 * * *",
                                        "timeZone",
                                        "Berlin",
                                        "job",
                                        JOB)))
                .extracting(FieldError::pointer)
                .containsExactly("/timeZone");
        assertThat(
                        errors(
                                Map.of(
                                        "name", "a",
                                        "cron", "0 0 * * *",
                                        "startAt", "2027-01-01T00:00:00Z",
                                        "endAt", "2026-01-01T00:00:00Z",
                                        "job", JOB)))
                .extracting(FieldError::pointer)
                .containsExactly("/endAt");
    }

    @Test
    void shouldWantAJobAndAnObject() {
        assertThat(errors(Map.of("name", "a", "cron", "0 0 * * *")))
                .map(FieldError::pointer)
                .containsExactly("/job");
        assertThat(errors(List.of())).containsExactly(new FieldError("", "must be an object"));
        assertThat(errors(null)).containsExactly(new FieldError("", "must be an object"));
    }

    private static Schedule read(Object tree) {
        return switch (ScheduleReader.read(tree, "local", Zones.ofJdk())) {
            case ScheduleReader.Result.Read(Schedule schedule, Calendar calendar) -> schedule;
            case ScheduleReader.Result.Wrong(List<FieldError> errors) ->
                    throw new AssertionError(errors);
        };
    }

    private static List<FieldError> errors(@Nullable Object tree) {
        return switch (ScheduleReader.read(tree, "local", Zones.ofJdk())) {
            case ScheduleReader.Result.Read read -> throw new AssertionError(read);
            case ScheduleReader.Result.Wrong(List<FieldError> errors) -> errors;
        };
    }

    /** A tree as a parser gives it: all numbers are decimals. */
    private static @Nullable Object numbers(@Nullable Object tree) {
        return switch (tree) {
            case Map<?, ?> map -> {
                Map<Object, @Nullable Object> out = new LinkedHashMap<>();
                map.forEach((key, value) -> out.put(key, numbers(value)));
                yield out;
            }
            case List<?> list -> list.stream().map(ScheduleReaderTest::numbers).toList();
            case Integer number -> BigDecimal.valueOf(number);
            case null -> null;
            default -> tree;
        };
    }
}
