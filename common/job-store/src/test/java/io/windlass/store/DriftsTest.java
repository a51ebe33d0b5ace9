package io.windlass.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.job.Drift;
import io.windlass.job.Input;
import io.windlass.job.Job;
import io.windlass.job.JobId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What comparisons with a cluster find to differ, and what of it stays. */
class DriftsTest extends OnPostgres {
    private PostgresDrifts drifts;

    @BeforeEach
    void openDrifts() {
        drifts = new PostgresDrifts(database);
    }

    private static Drifts.Found found(Drift drift, JobId job, String namespace) {
        return new Drifts.Found(drift, job, namespace, "n-" + job.toString().charAt(35));
    }

    private Map<Drift, Integer> compared(Drifts.Found... found) {
        return drifts.compared("local", List.of(found), checks.now());
    }

    private void pass(String time) {
        database.inTransaction(handle ->
                handle.execute(
                        "update status_drift set since = since - interval '%1$s', seen_at = seen_at - interval '%1$s'"
                                .formatted(time)));
    }

    private JobId unknown() {
        return JobId.at(millis++, random);
    }

    @Test
    void shouldCountByKindWhatDiffers() {
        JobId one = submit("one");
        assertThat(
                        compared(
                                found(Drift.UNKNOWN_JOB, unknown(), "default"),
                                found(Drift.UNKNOWN_JOB, unknown(), "default"),
                                found(Drift.PODS, one, "default")))
                .containsExactlyInAnyOrderEntriesOf(Map.of(Drift.UNKNOWN_JOB, 2, Drift.PODS, 1));
        assertThat(compared()).isEmpty();
    }

    /** The list may be older than what was written meanwhile. */
    @Test
    void shouldNotCountARowThatWasWrittenSinceTheListWasBegun() {
        JobId one = submit("one");
        JobId two = submit("two");
        admissions.admit("local", ROOM);
        Instant listed = checks.now();
        Job row = load(one);
        progressions.write(step(row, new Input.JobObserved(seen(row))));
        assertThat(
                        drifts.compared(
                                "local",
                                List.of(
                                        found(Drift.PODS, one, "default"),
                                        found(Drift.PODS, two, "default")),
                                listed))
                .containsExactlyInAnyOrderEntriesOf(Map.of(Drift.PODS, 1));
    }

    @Test
    void shouldTellWhatStaysAndForgetWhatWasSetRight() {
        JobId stays = unknown();
        JobId passes = unknown();
        compared(found(Drift.UNKNOWN_JOB, stays, "one"), found(Drift.PODS, passes, "two"));
        assertThat(drifts.staying(null, 9)).as("nobody has had the time to set it right").isEmpty();
        pass("10 minutes");
        assertThat(drifts.staying(null, 9)).as("seen by one comparison").isEmpty();
        compared(found(Drift.UNKNOWN_JOB, stays, "one"));
        assertThat(drifts.staying(null, 9))
                .singleElement()
                .satisfies(told -> {
                    assertThat(told.kind()).isEqualTo("UNKNOWN_JOB");
                    assertThat(told.cluster()).isEqualTo("local");
                    assertThat(told.namespace()).isEqualTo("one");
                    assertThat(told.jobs()).isOne();
                });
        assertThat(drifts.staying(List.of("two"), 9)).as("of another namespace").isEmpty();
        drifts.compared("other", List.of(), checks.now());
        assertThat(drifts.staying(null, 9)).as("another cluster says nothing of it").hasSize(1);
        compared();
        assertThat(drifts.staying(null, 9)).isEmpty();
    }

    @Test
    void shouldCountMoreThanItKeeps() {
        List<Drifts.Found> many =
                IntStream.range(0, 1_100)
                        .mapToObj(i -> found(Drift.UNKNOWN_JOB, unknown(), "default"))
                        .toList();
        assertThat(drifts.compared("local", many, checks.now()))
                .containsEntry(Drift.UNKNOWN_JOB, 1_100);
        pass("10 minutes");
        drifts.compared("local", many, checks.now());
        assertThat(drifts.staying(null, 9)).singleElement().extracting("jobs").isEqualTo(1_000L);
    }
}
