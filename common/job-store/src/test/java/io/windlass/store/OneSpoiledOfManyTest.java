package io.windlass.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.job.Input;
import io.windlass.job.JobId;
import io.windlass.job.JobState;
import io.windlass.job.PodPolicies;
import io.windlass.schedule.Accountant;
import io.windlass.schedule.Zones;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Each loop that takes many rows at once, with one row among them that cannot be read, decided or
 * written, and which is the first in line: the others go on.
 */
class OneSpoiledOfManyTest extends OnPostgres {
    private static final int ROUNDS = 3;

    private final Clerk clerk =
            new Clerk(
                    new Accountant(new Accountant.Rules(Duration.ofDays(1), 100)),
                    Zones.ofJdk(),
                    PodPolicies.STANDARD,
                    at -> JobId.at(millis++, random));
    private Schedules schedules;
    private Ledger ledger;

    @BeforeEach
    void openLedger() {
        schedules = new Schedules(database);
        ledger = new Ledger(database, decider);
    }

    /** As a loop does it: a round that fails is followed by the next. */
    private static void rounds(Runnable round) {
        for (int i = 0; i < ROUNDS; i++) {
            try {
                round.run();
            } catch (RuntimeException e) {
                System.out.println("[windlass tests] a round failed: " + e);
            }
        }
    }

    private void execute(String sql) {
        database.inTransaction(handle -> handle.execute(sql));
    }

    /** From now on nobody can do this to that row. */
    private void refuse(String event, String table, String key, Object value) {
        execute(
                "create function refuse() returns trigger language plpgsql as"
                        + " 'begin raise exception ''this row cannot be written''; end'");
        execute(
                "create trigger refuse before %s on %s for each row when (old.%s = '%s') execute function refuse()"
                        .formatted(event, table, key, value));
    }

    private UUID schedule(String name, Map<String, @Nullable Object> more, int dueSecondsAgo) {
        UUID id = UUID.randomUUID();
        Map<String, @Nullable Object> definition = new LinkedHashMap<>();
        definition.put("every", "1m");
        definition.put("catchUp", Map.of("all", BigDecimal.TEN));
        definition.put("job", Map.of("image", "busybox:1.36", "timeout", "5m"));
        definition.putAll(more);
        schedules.create(
                new Schedules.NewSchedule(
                        id, "default", name, "local", null, definition, Map.of(), false, "tester"));
        execute(
                """
                update schedule set accounted_until = clock_timestamp() - interval '3 minutes',
                    next_due = clock_timestamp() - interval '%d seconds' where id = '%s'
                """
                        .formatted(dueSecondsAgo, id));
        return id;
    }

    private void othersAreAccountedFor(Ledger.Accounting accounting) {
        List<UUID> others =
                Stream.of("one", "two").map(name -> schedule(name, Map.of(), 10)).toList();
        rounds(() -> ledger.account(200, accounting));
        assertThat(others)
                .as("beside one that is spoiled")
                .allSatisfy(id -> assertThat(ledger.runs(id, null, 10)).isNotEmpty());
    }

    /** PostgreSQL prints the number with 201 digits, and nobody reads so many. */
    @Test
    void shouldAccountForTheOthersBesideAScheduleThatCannotBeRead() {
        Map<String, @Nullable Object> job =
                Map.of("image", "busybox:1.36", "x", new BigDecimal("1e200"));
        UUID spoiled = schedule("spoiled", Map.of("job", job), 20);
        execute(
                "update schedule set definition_text_version = null where id = '%s'"
                        .formatted(spoiled));
        othersAreAccountedFor(clerk.withRoomFor(100));
    }

    @Test
    void shouldAccountForTheOthersBesideAScheduleThatCannotBeDecided() {
        schedule("spoiled", Map.of("timeZone", "Moon/Tranquility"), 30);
        UUID undecided = schedule("undecided", Map.of(), 20);
        othersAreAccountedFor(
                new Ledger.Accounting() {
                    private final Clerk poisoned =
                            new Clerk(
                                    new Accountant(new Accountant.Rules(Duration.ofDays(1), 100)),
                                    zone -> {
                                        throw new IllegalStateException("of a test");
                                    },
                                    PodPolicies.STANDARD,
                                    at -> JobId.at(millis++, random));

                    @Override
                    public Ledger.Posting of(Ledger.Due due, Instant now) {
                        boolean spoiled = due.schedule().id().equals(undecided);
                        return (spoiled ? poisoned : clerk).withRoomFor(10).of(due, now);
                    }
                });
    }

    /** No row takes the time by which a success is missed. */
    @Test
    void shouldAccountForTheOthersBesideAScheduleWhoseTimesNoRowTakes() {
        UUID spoiled = schedule("spoiled", Map.of(), 20);
        Clerk.Round round = clerk.withRoomFor(100);
        othersAreAccountedFor((due, now) -> {
            Ledger.Posting posting = round.of(due, now);
            return posting.schedule().equals(spoiled)
                    ? new Ledger.Posting(
                            posting.schedule(),
                            posting.lines(),
                            posting.replaced(),
                            posting.accountedUntil(),
                            posting.nextDue(),
                            Instant.parse("+300000-01-01T00:00:00Z"))
                    : posting;
        });
    }

    /** The ledger refuses to say something twice of an instant. */
    @Test
    void shouldAccountForTheOthersBesideAScheduleWhoseInstantHasItsVerdictAlready() {
        UUID spoiled = schedule("spoiled", Map.of(), 20);
        Instant noon = Instant.parse("2027-01-01T12:00:00Z");
        ledger.account(
                1,
                (due, now) ->
                        new Ledger.Posting(
                                spoiled,
                                List.of(submitted(runOf(spoiled, noon))),
                                List.of(),
                                due.schedule().accountedUntil(),
                                now.minusSeconds(60),
                                null));
        Clerk.Round round = clerk.withRoomFor(100);
        othersAreAccountedFor((due, now) -> {
            Ledger.Posting posting = round.of(due, now);
            return posting.schedule().equals(spoiled)
                    ? new Ledger.Posting(
                            spoiled,
                            List.of(submitted(runOf(spoiled, noon))),
                            List.of(),
                            posting.accountedUntil(),
                            posting.nextDue(),
                            null)
                    : posting;
        });
    }

    /** As a newer version may write it: reasons are open text. */
    private void giveAReasonThatIsNotKnownHere(JobId id) {
        execute(
                """
                update job_state set desired = 'FAIL', desired_reason = 'A_REASON_OF_TOMORROW', desired_message = 'm'
                where job_id = '%s'
                """
                        .formatted(id));
    }

    private List<JobId> submitMany() {
        return Stream.of("spoiled", "one", "two").map(this::submit).toList();
    }

    @Test
    void shouldLeaseTheOthersBesideAJobThatCannotBeRead() {
        List<JobId> ids = submitMany();
        admissions.admit("local", ROOM);
        giveAReasonThatIsNotKnownHere(ids.getFirst());
        execute("update job_state set next_check_at = clock_timestamp() - interval '1 minute'");
        List<JobId> leased = new ArrayList<>();
        rounds(() ->
                checks.lease("local", Duration.ofMinutes(5), 10)
                        .jobs()
                        .forEach(job -> leased.add(job.id())));
        assertThat(leased).contains(ids.get(1), ids.get(2));
    }

    /** What holds for a row that cannot be read holds for one that is not written. */
    @Test
    void shouldAdmitTheOthersBesideAJobThatCannotBeWritten() {
        List<JobId> ids = submitMany();
        refuse("update", "job_state", "job_id", ids.getFirst());
        othersAreAdmitted(ids);
    }

    private void othersAreAdmitted(List<JobId> ids) {
        rounds(() -> admissions.admit("local", ROOM));
        assertThat(ids.subList(1, ids.size()))
                .allSatisfy(id -> assertThat(load(id).state()).isEqualTo(JobState.STARTING));
    }

    @Test
    void shouldForgetTheOthersBesideAJobThatCannotBeDeleted() {
        List<JobId> ids = submitMany();
        for (JobId id : ids) {
            for (Input input : List.of(new Input.CancelRequested("tester"), new Input.Due())) {
                assertThat(progressions.write(step(load(id), input))).isTrue();
            }
        }
        refuse("delete", "job", "id", ids.getFirst());
        rounds(() -> new Retention(database).deleteExpired(Duration.ofDays(-1), 10));
        assertThat(ids.subList(1, ids.size()))
                .allSatisfy(id -> assertThat(progressions.load(id)).isEmpty());
    }

    @Test
    void shouldDropTheOthersBesideALogThatCannotBeDropped() {
        LogClaims claims = new LogClaims(database);
        LogClaims.Holder holder =
                new LogClaims.Holder(UUID.randomUUID(), "http://one", Duration.ofMinutes(1));
        List<Long> logs =
                submitMany().stream()
                        .map(id ->
                                claims.claim(
                                        new LogClaims.PodOfJob(id, "u", "local", "default", "p"),
                                        List.of(new LogClaims.ContainerOfPod("main", 0, false)),
                                        holder))
                        .map(claim -> ((LogClaims.Claim.Ours) claim).logs().getFirst().id())
                        .toList();
        execute("update log set closed_at = clock_timestamp() - interval '2 days', sha256 = 'x'");
        refuse("update", "log", "id", logs.getFirst());
        rounds(() -> new LogAttic(database).dropOlderThan(Duration.ofDays(1), 10));
        String dropped = "select count(*) from log where dropped_at is not null";
        int count =
                database.statement(
                        handle -> handle.createQuery(dropped).mapTo(Integer.class).one());
        assertThat(count).as("logs that were dropped").isEqualTo(2);
    }
}
