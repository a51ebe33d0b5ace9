package io.windlass.store;

import io.windlass.job.Decider;
import io.windlass.job.Job;
import io.windlass.job.JobId;
import io.windlass.schedule.Account.Cause;
import io.windlass.schedule.Account.Entry;
import io.windlass.schedule.Account.Verdict;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What became of the instants of schedules. A line, the job that it made and where its schedule
 * then stands are one transaction, under the lock of the schedule's row: so no instant is lost, and
 * none is there twice.
 */
public final class Ledger {
    /** Who ends a run that is replaced. */
    public static final String REPLACING = "its schedule, for the next run";

    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);
    private static final String HAND_OVER = "hand_over";

    private static final String DUE =
            Schedules.COLUMNS
                    + " where next_due <= :now order by next_due limit :most for no key update of schedule skip locked";

    private static final String DUE_IDS =
            "select id from schedule where next_due <= :now order by next_due limit :most";

    private static final String ONE_DUE =
            Schedules.COLUMNS
                    + " where id = :id and next_due <= :now for no key update of schedule skip locked";

    /**
     * A schedule whose time has come, locked until the end of the transaction.
     *
     * @param unfinished runs that have not ended; none are told where they do not matter
     */
    public record Due(
            Schedules.StoredSchedule schedule, List<JobId> unfinished, List<Instant> waiting) {}

    /** One verdict; the job, where one is made, comes with it. */
    public record Line(
            Instant plannedAt,
            Instant until,
            int instants,
            Verdict verdict,
            @Nullable Cause cause,
            @Nullable String message,
            @Nullable Duration lateBy,
            @Nullable NewJob job) {

        /** Nothing is made of these instants. */
        public static Line without(Entry.Without without) {
            Cause cause = without.cause();
            return new Line(
                    without.plannedAt(),
                    without.until(),
                    without.instants(),
                    cause.verdict(),
                    cause,
                    cause.text(),
                    null,
                    null);
        }
    }

    /**
     * What is written of a schedule, and which jobs its new ones replace.
     *
     * @param failure why nothing can be said of it: it is set aside, and stands where it stood
     */
    public record Posting(
            UUID schedule,
            List<Line> lines,
            List<JobId> replaced,
            Instant accountedUntil,
            @Nullable Instant nextDue,
            @Nullable Instant overdueAt,
            @Nullable String failure) {

        public Posting(
                UUID schedule,
                List<Line> lines,
                List<JobId> replaced,
                Instant accountedUntil,
                @Nullable Instant nextDue,
                @Nullable Instant overdueAt) {
            this(schedule, lines, replaced, accountedUntil, nextDue, overdueAt, null);
        }

        static Posting failed(UUID schedule, String failure) {
            return new Posting(schedule, List.of(), List.of(), Instant.EPOCH, null, null, failure);
        }
    }

    /** Says what is to be written of a schedule; without I/O, since a transaction is open. */
    public interface Accounting {
        Posting of(Due due, Instant now);

        /** A transaction begins: what was said before may not have been written. */
        default void begin() {}
    }

    /**
     * What was done in one go.
     *
     * @param schedules that were looked at
     * @param setAside how many of these nobody can account for
     * @param replaced jobs that are to end
     */
    public record Round(int schedules, int setAside, List<NewJob> made, List<Job> replaced) {
        private static Round of(List<Round> rounds) {
            return new Round(
                    rounds.stream().mapToInt(Round::schedules).sum(),
                    rounds.stream().mapToInt(Round::setAside).sum(),
                    rounds.stream().flatMap(round -> round.made().stream()).toList(),
                    rounds.stream().flatMap(round -> round.replaced().stream()).toList());
        }

        /** Those that the jobs go to. */
        public Set<String> clusters() {
            return made.stream().map(job -> job.spec().cluster()).collect(Collectors.toSet());
        }
    }

    /** A line as it is read back. */
    public record Run(
            Instant plannedAt,
            Instant until,
            int instants,
            Verdict verdict,
            @Nullable Cause cause,
            @Nullable String message,
            @Nullable Duration lateBy,
            @Nullable JobId job,
            @Nullable String jobState) {}

    private final Database database;
    private final Wishes wishes;
    private final Function<Handle, Instant> clock;

    public Ledger(Database database, Decider decider) {
        this(database, decider, Database::now);
    }

    private Ledger(Database database, Decider decider, Function<Handle, Instant> clock) {
        this.database = database;
        this.wishes = new Wishes(Progressions.on(database), decider);
        this.clock = clock;
    }

    /** With another clock than the database's: a simulated year passes in a minute. */
    public static Ledger simulated(Database database, Decider decider, InstantSource clock) {
        return new Ledger(database, decider, handle -> clock.instant());
    }

    /**
     * Of those that are due, those first that have been so for longest. Where this fails for all,
     * they are looked at one by one, and what fails alone is set aside.
     */
    public Round account(int most, Accounting accounting) {
        try {
            return account(handle -> handle.createQuery(DUE).bind("most", most), accounting);
        } catch (DatabaseAwayException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.warn(
                    "schedules are accounted for one by one, since together it fails: {}", text(e));
            return oneByOne(most, accounting);
        }
    }

    private Round account(Function<Handle, Query> due, Accounting accounting) {
        return database.transaction(handle -> {
            Instant now = clock.apply(handle);
            Query query = due.apply(handle).bind("now", Rows.time(now));
            return write(handle, DueSchedules.read(handle, query), accounting, now);
        });
    }

    private Round oneByOne(int most, Accounting accounting) {
        List<UUID> ids =
                database.statement(handle ->
                        handle.createQuery(DUE_IDS)
                                .bind("now", Rows.time(clock.apply(handle)))
                                .bind("most", most)
                                .mapTo(UUID.class)
                                .list());
        return Round.of(ids.stream().map(id -> alone(id, accounting)).toList());
    }

    private Round alone(UUID id, Accounting accounting) {
        try {
            return account(handle -> handle.createQuery(ONE_DUE).bind("id", id), accounting);
        } catch (DatabaseAwayException e) {
            throw e;
        } catch (RuntimeException e) {
            setAside(id, text(e));
            return new Round(1, 1, List.of(), List.of());
        }
    }

    private void setAside(UUID id, String error) {
        try {
            database.inTransaction(
                    handle -> ScheduleSetAside.write(handle, id, error, clock.apply(handle)));
        } catch (StoreException e) {
            LOG.error("schedule {} cannot even be set aside: {}; it failed by: {}", id, e, error);
        }
    }

    /** What the database says names no values; of another failure its kind is told, too. */
    private static String text(RuntimeException e) {
        return e instanceof StoreException ? String.valueOf(e.getMessage()) : e.toString();
    }

    /**
     * Of those that are locked already, and become others. Where nothing can be said of them, their
     * instants are left to what they become.
     */
    Round handOver(Handle handle, List<Due> these, Accounting accounting) {
        Instant now = clock.apply(handle);
        handle.savepoint(HAND_OVER);
        try {
            return write(handle, these, accounting, now);
        } catch (JdbiException | IllegalStateException | DateTimeException e) {
            if (DatabaseAwayException.of(e).isPresent()) {
                throw e;
            }
            handle.rollbackToSavepoint(HAND_OVER);
            return write(handle, these, (due, at) -> Clerk.nothing(due.schedule(), at), now);
        }
    }

    private Round write(Handle handle, List<Due> these, Accounting accounting, Instant now) {
        accounting.begin();
        List<Posting> postings = these.stream().map(due -> accounting.of(due, now)).toList();
        List<NewJob> made = new ArrayList<>();
        List<JobId> replaced = new ArrayList<>();
        for (Posting posting : postings) {
            posting.lines().stream().map(Line::job).filter(Objects::nonNull).forEach(made::add);
            replaced.addAll(posting.replaced());
        }
        List<Job> wished =
                replaced.isEmpty()
                        ? List.of()
                        : wishes.cancelAll(PostgresProgressions.batch(handle), replaced, REPLACING);
        if (!made.isEmpty()) {
            PostgresSubmissions.insert(handle, made);
        }
        LedgerLines.write(handle, postings, now);
        int failed = (int) postings.stream().filter(p -> p.failure() != null).count();
        return new Round(postings.size(), failed, made, wished);
    }

    /** How long nobody has to look; negative where it is time already. */
    public Optional<Duration> untilNextDue() {
        return database.statement(handle -> {
            Optional<Instant> next =
                    handle.createQuery("select min(next_due) as next_due from schedule")
                            .map((row, context) ->
                                    Optional.ofNullable(Rows.instant(row, "next_due")))
                            .one();
            Instant now = clock.apply(handle);
            return next.map(due -> Duration.between(now, due));
        });
    }

    /** The latest first, before an instant if one is given. */
    public List<Run> runs(UUID schedule, @Nullable Instant before, int most) {
        return database.statement(handle -> LedgerLines.read(handle, schedule, before, most));
    }
}
