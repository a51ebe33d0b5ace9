package io.windlass.web;

import io.windlass.job.FieldError;
import io.windlass.schedule.Calendar;
import io.windlass.schedule.Schedule;
import io.windlass.schedule.ScheduleReader;
import io.windlass.schedule.ScheduleTree;
import io.windlass.schedule.Zones;
import io.windlass.service.Nudges;
import io.windlass.store.Clerk;
import io.windlass.store.Ledger;
import io.windlass.store.ScheduleChanges;
import io.windlass.store.Schedules;
import io.windlass.store.Schedules.NewSchedule;
import io.windlass.store.Schedules.StoredSchedule;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Where schedules are checked, found for who may see them, and changed. */
@Singleton
final class ScheduleDesk {
    /** Of two who change a schedule at once both are heard. */
    private static final int ATTEMPTS = 5;

    private final Schedules schedules;
    private final ScheduleChanges changes;
    private final Clerk clerk;
    private final Intake intake;
    private final Nudges nudges;
    private final Zones zones;
    private final ApiSettings settings;

    ScheduleDesk(
            Schedules schedules,
            ScheduleChanges changes,
            Clerk clerk,
            Intake intake,
            Nudges nudges,
            Zones zones,
            ApiSettings settings) {
        this.schedules = schedules;
        this.changes = changes;
        this.clerk = clerk;
        this.intake = intake;
        this.nudges = nudges;
        this.zones = zones;
        this.settings = settings;
    }

    /** As somebody sent it, and may. */
    ScheduleReader.Result.Read checked(@Nullable Object tree, Caller caller) {
        return switch (ScheduleReader.read(tree, settings.defaultCluster(), zones)) {
            case ScheduleReader.Result.Wrong(List<FieldError> errors) ->
                    throw ProblemException.invalid(errors);
            case ScheduleReader.Result.Read read -> {
                List<FieldError> objections = objections(read.schedule(), caller);
                if (!objections.isEmpty()) {
                    throw ProblemException.invalid(objections);
                }
                yield read;
            }
        };
    }

    List<FieldError> objections(Schedule schedule, Caller caller) {
        return intake.objections(schedule.job(), caller).stream()
                .map(error -> new FieldError("/job" + error.pointer(), error.message()))
                .toList();
    }

    /** As it is stored; what is stored by another version may not be read by this one. */
    ScheduleReader.Result read(StoredSchedule stored) {
        return ScheduleReader.read(stored.tree(), stored.cluster(), zones);
    }

    StoredSchedule visible(Caller caller, String namespace, String name) {
        if (!caller.may(namespace) || (namespace + name).indexOf('\0') >= 0) {
            throw none(namespace, name);
        }
        return schedules.find(namespace, name).orElseThrow(() -> none(namespace, name));
    }

    private static ProblemException none(String namespace, String name) {
        return new ProblemException(
                Problem.SCHEDULE_NOT_FOUND, "there is no schedule " + namespace + "/" + name);
    }

    /** False where there is one of that name. */
    boolean create(Schedule schedule, Caller caller) {
        return schedules.create(asNew(UUID.randomUUID(), schedule, null, caller));
    }

    static NewSchedule asNew(UUID id, Schedule schedule, @Nullable String set, Caller caller) {
        Map<String, @Nullable Object> definition = new LinkedHashMap<>(ScheduleTree.of(schedule));
        List.of("namespace", "name", "paused").forEach(definition::remove);
        return new NewSchedule(
                id,
                schedule.namespace(),
                schedule.name(),
                schedule.job().cluster(),
                set,
                definition,
                schedule.labels(),
                schedule.paused(),
                caller.name());
    }

    /** What has come until now is accounted for by the schedule as it was. */
    StoredSchedule replace(StoredSchedule stored, Schedule next, Calendar calendar, Caller caller) {
        return changes.replace(
                        stored.id(),
                        stored.version(),
                        clerk.handingOver(one -> calendar),
                        one -> asNew(one.id(), next, one.set(), caller))
                .map(replaced -> {
                    tell(replaced.round());
                    return replaced.schedule();
                })
                .orElseThrow(() ->
                        new ProblemException(
                                Problem.CHANGED_MEANWHILE,
                                "the schedule was changed or deleted meanwhile: read it, and try again"));
    }

    StoredSchedule paused(Caller caller, String namespace, String name, boolean paused) {
        return change(caller, namespace, name, schedule -> schedule.paused(paused));
    }

    private StoredSchedule change(
            Caller caller, String namespace, String name, UnaryOperator<Schedule> change) {
        for (int attempt = 1; ; attempt++) {
            StoredSchedule stored = visible(caller, namespace, name);
            ScheduleReader.Result.Read read = readable(stored);
            Schedule next = change.apply(read.schedule());
            if (next.equals(read.schedule())) {
                return stored;
            }
            try {
                return replace(stored, next, read.calendar(), caller);
            } catch (ProblemException e) {
                if (e.problem() != Problem.CHANGED_MEANWHILE || attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    ScheduleReader.Result.Read readable(StoredSchedule stored) {
        return switch (read(stored)) {
            case ScheduleReader.Result.Read read -> read;
            case ScheduleReader.Result.Wrong(List<FieldError> errors) ->
                    throw ProblemException.invalid(errors);
        };
    }

    /** All of a set, or nothing. */
    void apply(
            String set,
            List<ScheduleChanges.Name> wanted,
            Function<StoredSchedule, Calendar> next,
            Function<List<StoredSchedule>, ScheduleChanges.Plan> planning) {
        try {
            tell(changes.apply(set, wanted, clerk.handingOver(next), planning));
        } catch (ScheduleChanges.NameTakenException e) {
            throw new ProblemException(
                    Problem.CHANGED_MEANWHILE,
                    e.getMessage() + ", and nothing was done: try again");
        }
    }

    private void tell(Ledger.Round round) {
        round.clusters().forEach(cluster -> nudges.submitted(cluster, null));
        round.replaced()
                .forEach(job ->
                        nudges.cancelRequested(job.cluster(), job.id(), Ledger.REPLACING, null));
    }
}
