package io.windlass.web;

import io.micronaut.http.HttpRequest;
import io.windlass.job.JobId;
import io.windlass.json.Json;
import io.windlass.store.DatabaseAwayException;
import io.windlass.store.Jobs;
import io.windlass.store.NewJob;
import io.windlass.store.StoreException;
import io.windlass.store.Submissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call that submits many: lines come in portions, each portion is one commit, each line has its
 * result. A bad line fails that line; a broken database fails what is left, and says so.
 */
final class BatchCall {
    static final int PER_COMMIT = 500;
    private static final Logger LOG = LoggerFactory.getLogger(BatchCall.class);
    private static final String LINE_KEY = "idempotencyKey";

    /** A line as received: a tree, or why it is none. */
    record Line(int index, @Nullable Object tree, @Nullable ProblemException problem) {}

    private record Prepared(int index, NewJob job) {}

    private final Intake intake;
    private final Jobs jobs;
    private final Caller caller;
    private final @Nullable String headerKey;
    private final @Nullable String traceparent;
    private final String name = BatchPlaces.call();
    private boolean databaseAway;

    BatchCall(Intake intake, Jobs jobs, HttpRequest<?> request) {
        this.intake = intake;
        this.jobs = jobs;
        this.caller = Callers.of(request);
        this.traceparent = TraceFilter.traceparent(request);
        this.headerKey = request.getHeaders().get(JobsController.IDEMPOTENCY_KEY);
        if (headerKey != null) {
            Intake.key(headerKey);
        }
    }

    /** The results of a portion as JSON, in the order of its lines. */
    List<String> submit(List<Line> lines) {
        TreeMap<Integer, String> results = new TreeMap<>();
        List<Prepared> prepared = new ArrayList<>();
        for (Line line : lines) {
            try {
                prepared.add(new Prepared(line.index(), prepare(line)));
            } catch (ProblemException e) {
                results.put(line.index(), problem(line.index(), e));
            }
        }
        if (!prepared.isEmpty()) {
            commit(prepared, results);
        }
        return List.copyOf(results.values());
    }

    private NewJob prepare(Line line) {
        if (line.problem() != null) {
            throw line.problem();
        }
        Object tree = line.tree();
        String key = headerKey == null ? null : headerKey + "/" + line.index();
        if (tree instanceof Map<?, ?> map && map.get(LINE_KEY) != null) {
            key = String.valueOf(map.get(LINE_KEY));
        }
        return intake.prepare(
                tree, new Intake.Context(caller, key, traceparent, null), Set.of(LINE_KEY));
    }

    private static ProblemException away() {
        return new ProblemException(
                Problem.DATABASE_AWAY, "the database does not answer; send it again");
    }

    static ProblemException tooLarge(int maxJobBytes) {
        return new ProblemException(Problem.TOO_LARGE, "a job may have " + maxJobBytes + " bytes");
    }

    private void commit(List<Prepared> lines, Map<Integer, String> results) {
        try {
            if (databaseAway) {
                throw away();
            }
            List<Optional<Submissions.Outcome>> outcomes =
                    intake.storePortion(name, lines.stream().map(Prepared::job).toList());
            Map<JobId, Jobs.StoredJob> before = storedBefore(outcomes);
            for (int i = 0; i < lines.size(); i++) {
                Prepared line = lines.get(i);
                results.put(
                        line.index(),
                        outcomes.get(i)
                                .map(outcome -> outcome(line, outcome, before))
                                .orElseGet(() -> unknown(line)));
            }
            databaseAway = outcomes.contains(Optional.<Submissions.Outcome>empty());
        } catch (DatabaseAwayException e) {
            databaseAway = true;
            lines.forEach(line -> results.put(line.index(), problem(line.index(), away())));
        } catch (StoreException e) {
            oneByOne(lines, results, e);
        } catch (ProblemException e) {
            lines.forEach(line -> results.put(line.index(), problem(line.index(), e)));
        }
    }

    /** What the database refuses alone fails alone. */
    private void oneByOne(
            List<Prepared> lines, Map<Integer, String> results, StoreException refusal) {
        if (lines.size() > 1) {
            lines.forEach(line -> commit(List.of(line), results));
            return;
        }
        Prepared line = lines.getFirst();
        LOG.atError()
                .addKeyValue("job", line.job().id())
                .log("the database refuses a job: {}", refusal.getMessage());
        results.put(
                line.index(),
                problem(
                        line.index(),
                        new ProblemException(
                                Problem.REFUSED_BY_DATABASE,
                                "the database does not take this job; the server's log says why")));
    }

    private static String unknown(Prepared line) {
        return problem(line.index(), JobAnswers.unknown(line.job().id()));
    }

    private Map<JobId, Jobs.StoredJob> storedBefore(List<Optional<Submissions.Outcome>> outcomes) {
        List<JobId> ids = new ArrayList<>();
        for (Optional<Submissions.Outcome> outcome : outcomes) {
            if (outcome.orElse(null) instanceof Submissions.Outcome.SameAsBefore same) {
                ids.add(same.id());
            }
        }
        return ids.isEmpty() ? Map.of() : jobs.find(ids);
    }

    private static String outcome(
            Prepared line, Submissions.Outcome outcome, Map<JobId, Jobs.StoredJob> before) {
        int index = line.index();
        return switch (outcome) {
            case Submissions.Outcome.Stored made ->
                    job(index, 202, Jobs.StoredJob.justStored(line.job(), made.at()));
            case Submissions.Outcome.SameAsBefore same -> {
                Jobs.StoredJob job = before.get(same.id());
                yield job == null
                        ? problem(index, JobAnswers.deleted(same.id()))
                        : job(index, 200, job);
            }
            case Submissions.Outcome.KeyUsedOtherwise other ->
                    problem(index, JobAnswers.keyUsed(other.id()));
        };
    }

    private static String job(int index, int status, Jobs.StoredJob job) {
        Map<String, @Nullable Object> result = result(index, status);
        result.put("job", JobTree.listed(job));
        return Json.write(result);
    }

    private static String problem(int index, ProblemException e) {
        Map<String, @Nullable Object> result = result(index, e.problem().status().getCode());
        result.put("problem", e.tree());
        return Json.write(result);
    }

    private static Map<String, @Nullable Object> result(int index, int status) {
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        result.put("index", index);
        result.put("status", status);
        return result;
    }
}
