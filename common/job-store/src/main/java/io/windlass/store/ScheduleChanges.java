package io.windlass.store;

import io.windlass.store.Schedules.NewSchedule;
import io.windlass.store.Schedules.StoredSchedule;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * Puts other schedules in the place of those that are there. Of each all that has come is accounted
 * for in the same transaction, so that no instant is lost between the two.
 */
public final class ScheduleChanges {
    private static final String ONE =
            Schedules.COLUMNS
                    + " where id = :id and version = :version for no key update of schedule";

    // of a set, and of those that have the name of one that it wants
    private static final String OF_SET =
            Schedules.COLUMNS
                    + """
                     where of_set = :set or (namespace, name) in (
                        select * from unnest(cast(:namespaces as text[]), cast(:names as text[])))
                    order by namespace, name
                    """;

    private static final String ALONE =
            "select pg_advisory_xact_lock(hashtextextended('windlass set ' || :set, 0))";

    /** Somebody made a schedule of that name at this moment: nothing was done. */
    public static final class NameTakenException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NameTakenException() {
            super("a schedule of that name was made at this moment", null, false, false);
        }
    }

    /** Who a schedule is. */
    public record Name(String namespace, String name) {}

    /** What is to be done; replaced are those whose id is known already. */
    public record Plan(List<NewSchedule> created, List<NewSchedule> replaced, List<UUID> removed) {}

    /** A schedule as it is now, and what was made of the instants of the one before. */
    public record Replaced(StoredSchedule schedule, Ledger.Round round) {}

    private final Database database;
    private final Ledger ledger;

    public ScheduleChanges(Database database, Ledger ledger) {
        this.database = database;
        this.ledger = ledger;
    }

    /** Empty where there is no such schedule, or another has changed it since the given version. */
    public Optional<Replaced> replace(
            UUID id,
            int version,
            Ledger.Accounting accounting,
            Function<StoredSchedule, NewSchedule> change) {
        return database.transaction(handle -> {
            List<Ledger.Due> found =
                    DueSchedules.read(
                            handle,
                            handle.createQuery(ONE).bind("id", id).bind("version", version));
            if (found.isEmpty()) {
                return Optional.empty();
            }
            Ledger.Round round = ledger.handOver(handle, found, accounting);
            Schedules.replace(handle, List.of(change.apply(found.getFirst().schedule())));
            return Optional.of(new Replaced(Schedules.find(handle, id).orElseThrow(), round));
        });
    }

    /** All of it or nothing; one set at a time, and what is there stays as it is read meanwhile. */
    public Ledger.Round apply(
            String set,
            Collection<Name> wanted,
            Ledger.Accounting accounting,
            Function<List<StoredSchedule>, Plan> planning) {
        return database.transaction(handle -> {
            handle.createQuery(ALONE).bind("set", set).mapTo(String.class).list();
            List<Ledger.Due> there =
                    DueSchedules.read(
                            handle, members(handle, set, wanted, " for no key update of schedule"));
            Plan plan = planning.apply(there.stream().map(Ledger.Due::schedule).toList());
            Set<UUID> replaced =
                    plan.replaced().stream().map(NewSchedule::id).collect(Collectors.toSet());
            Ledger.Round round =
                    ledger.handOver(
                            handle,
                            there.stream()
                                    .filter(d -> replaced.contains(d.schedule().id()))
                                    .toList(),
                            accounting);
            Schedules.replace(handle, plan.replaced());
            Schedules.delete(handle, plan.removed());
            if (Schedules.insert(handle, plan.created()) != plan.created().size()) {
                throw new NameTakenException();
            }
            return round;
        });
    }

    /** For a look at what applying would do. */
    public List<StoredSchedule> members(String set, Collection<Name> wanted) {
        return database.statement(handle ->
                members(handle, set, wanted, "")
                        .map((row, context) -> Schedules.stored(row))
                        .list());
    }

    private static Query members(
            Handle handle, String set, Collection<Name> wanted, String locked) {
        return handle.createQuery(OF_SET + locked)
                .bind("set", set)
                .bind("namespaces", column(wanted.stream().map(Name::namespace)))
                .bind("names", column(wanted.stream().map(Name::name)));
    }

    private static String[] column(Stream<String> values) {
        return values.toArray(String[]::new);
    }
}
