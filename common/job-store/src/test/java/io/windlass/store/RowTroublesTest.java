package io.windlass.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.job.JobId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rows that need somebody are found, and only these. */
class RowTroublesTest extends OnPostgres {
    private RowTroubles troubles;

    @BeforeEach
    void openTroubles() {
        troubles = new RowTroubles(database);
    }

    private void execute(String sql) {
        database.inTransaction(handle -> handle.execute(sql));
    }

    @Test
    void shouldTellOfAJobThatCannotBeDeleted() {
        JobId id = succeeded().id();
        execute("update job_state set settled = true, next_check_at = null");
        execute(
                "create function refuse() returns trigger language plpgsql as"
                        + " 'begin raise exception ''this row cannot be deleted''; end'");
        execute(
                "create trigger refuse before delete on job for each row execute function"
                        + " refuse()");
        assertThat(troubles.rows(null, 9)).isEmpty();
        Retention retention = new Retention(database);
        assertThat(retention.delete(List.of(id))).isZero();
        assertThat(retention.delete(List.of(id))).isZero();
        assertThat(troubles.rows(null, 9))
                .singleElement()
                .satisfies(told -> {
                    assertThat(told.kind()).isEqualTo(RowTroubles.Kind.JOB_SET_ASIDE);
                    assertThat(told.id()).isEqualTo(id.value());
                    assertThat(told.name()).isEqualTo("one");
                    assertThat(told.tries()).isEqualTo(2);
                    assertThat(told.error()).contains("this row cannot be deleted");
                    assertThat(told.since()).isBefore(checks.now());
                });
        assertThat(troubles.rows(List.of("another"), 9)).isEmpty();
        execute("drop trigger refuse on job");
        assertThat(retention.delete(List.of(id))).isOne();
        assertThat(troubles.rows(null, 9)).isEmpty();
    }

    @Test
    void shouldTellOfALogThatCannotBeStored() {
        JobId id = submit("one");
        LogClaims.Holder holder =
                new LogClaims.Holder(UUID.randomUUID(), "http://one", Duration.ofMinutes(1));
        LogClaims.PodOfJob pod = new LogClaims.PodOfJob(id, "uid", "local", "default", "a-pod");
        LogClaims.Claim claim =
                new LogClaims(database)
                        .claim(
                                pod,
                                List.of(new LogClaims.ContainerOfPod("main", 0, false)),
                                holder);
        long log = ((LogClaims.Claim.Ours) claim).logs().getFirst().id();
        assertThat(troubles.rows(null, 9)).isEmpty();
        new LogKeeping(database).setAside(log, "no room");
        assertThat(troubles.rows(List.of("default"), 9))
                .singleElement()
                .satisfies(told -> {
                    assertThat(told.kind()).isEqualTo(RowTroubles.Kind.LOG_SET_ASIDE);
                    assertThat(told.id()).isEqualTo(id.value());
                    assertThat(told.name()).isEqualTo("a-pod/main");
                    assertThat(told.error()).isEqualTo("no room");
                });
    }

    @Test
    void shouldTellOfJobsAndSchedulesThatCannotBeRead() {
        JobId spoiled = submit("spoiled");
        JobId old = submit("old");
        execute("update job set spec_text = null");
        execute(
                "update job set spec = '{\"n\": 1e200}' where id = '%s'"
                        .formatted(spoiled.value()));
        new Schedules(database)
                .create(
                        new Schedules.NewSchedule(
                                UUID.randomUUID(),
                                "default",
                                "daily",
                                "local",
                                null,
                                Map.of("every", "1m"),
                                Map.of(),
                                false,
                                "tester"));
        assertThat(troubles.rows(null, 9))
                .singleElement()
                .satisfies(told -> {
                    assertThat(told.kind()).isEqualTo(RowTroubles.Kind.JOB_UNREADABLE);
                    assertThat(told.id()).isEqualTo(spoiled.value()).isNotEqualTo(old.value());
                    assertThat(told.error()).contains("number");
                });
        execute("update schedule set definition = '{\"n\": 1e200}', version = version + 1");
        assertThat(troubles.rows(null, 9))
                .extracting(RowTroubles.Trouble::kind)
                .containsExactly(
                        RowTroubles.Kind.JOB_UNREADABLE, RowTroubles.Kind.SCHEDULE_UNREADABLE);
    }

    @Test
    void shouldTellOfIndexesThatAreNotValid() {
        assertThat(troubles.invalidIndexes(9)).isEmpty();
        execute(
                "update pg_index set indisvalid = false where indexrelid ="
                        + " 'job_state_look_wanted'::regclass");
        assertThat(troubles.invalidIndexes(9))
                .containsExactly(
                        new RowTroubles.InvalidIndex("job_state_look_wanted", "job_state"));
    }
}
