package io.windlass.store;

import io.windlass.job.Decider;
import io.windlass.job.Input;
import io.windlass.job.JobId;
import io.windlass.job.Shares;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets queued jobs into a cluster, best rank first, as far as its bounds and the share of their
 * namespace allow. One admitter at a time.
 */
public final class Admissions {
    private static final Logger LOG = LoggerFactory.getLogger(Admissions.class);

    /** A job that has waited for room for so long no longer keeps others from starting. */
    private static final Duration PENDING_NO_LONGER_COUNTS = Duration.ofSeconds(60);

    /** What a cluster takes at once: Jobs not yet deleted, pods, and Jobs that have not started. */
    public record Bounds(int jobs, int pods, int pending, int perRound) {
        private Bounds oneByOne() {
            return new Bounds(jobs, pods, pending, 1);
        }
    }

    /**
     * How many were admitted; whether the round ended for want of candidates, and not of room.
     *
     * @param setAside how many could not be admitted, and are left out for a while
     */
    public record Round(int admitted, boolean more, int setAside) {
        static final Round NONE = new Round(0, false, 0);
    }

    /** What a transaction was about when it failed. */
    private static final class Tried {
        private @Nullable JobId first;
        private Instant now = Instant.EPOCH;
    }

    private final Progressions progressions;
    private final Decider decider;
    private final LeftOut leftOut = new LeftOut();

    public Admissions(Progressions progressions, Decider decider) {
        this.progressions = progressions;
        this.decider = decider;
    }

    public Round admit(String cluster, Bounds bounds) {
        try {
            return round(cluster, bounds, new Tried());
        } catch (DatabaseAwayException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.warn("jobs cannot be admitted together, and are one by one: {}", e.toString());
            return oneByOne(cluster, bounds);
        }
    }

    /** What cannot be written cannot be set aside in its row either: that is remembered here. */
    private Round oneByOne(String cluster, Bounds bounds) {
        int admitted = 0;
        int setAside = 0;
        boolean more = true;
        while (more && admitted + setAside < bounds.perRound()) {
            Tried tried = new Tried();
            try {
                int one = round(cluster, bounds.oneByOne(), tried).admitted();
                admitted += one;
                more = one > 0;
            } catch (DatabaseAwayException e) {
                throw e;
            } catch (RuntimeException e) {
                if (tried.first == null) {
                    throw e;
                }
                leftOut.add(tried.first, tried.now);
                setAside++;
                LOG.atError()
                        .addKeyValue("job", tried.first)
                        .log(
                                "it cannot be admitted, and is left out for a while: {}",
                                e.toString());
            }
        }
        return new Round(admitted, admitted == bounds.perRound(), setAside);
    }

    private Round round(String cluster, Bounds bounds, Tried tried) {
        return progressions.inTransaction(batch ->
                batch.mayAdmit(cluster) ? admit(batch, cluster, bounds, tried) : Round.NONE);
    }

    private Round admit(Progressions.Batch batch, String cluster, Bounds bounds, Tried tried) {
        tried.now = batch.now();
        List<JobId> chosen = chosen(batch, cluster, bounds);
        if (chosen.isEmpty()) {
            return Round.NONE;
        }
        tried.first = chosen.getFirst();
        List<Progressions.Step> steps = new ArrayList<>();
        batch.loadLocked(chosen)
                .values()
                .forEach(job ->
                        steps.add(
                                new Progressions.Step(
                                        job,
                                        decider.decide(job, new Input.Admitted(), batch.now()))));
        steps.removeIf(step -> step.decision().evidence() == null);
        int lost = batch.write(steps).size();
        return new Round(steps.size() - lost, chosen.size() == bounds.perRound(), 0);
    }

    private List<JobId> chosen(Progressions.Batch batch, String cluster, Bounds bounds) {
        List<Progressions.NamespaceUse> use =
                batch.use(cluster, batch.now().minus(PENDING_NO_LONGER_COUNTS)).namespaces();
        int jobs = bounds.jobs() - use.stream().mapToInt(Progressions.NamespaceUse::jobs).sum();
        Shares pending =
                new Shares(
                        bounds.pending(),
                        use.stream()
                                .collect(
                                        Collectors.toMap(
                                                Progressions.NamespaceUse::namespace,
                                                Progressions.NamespaceUse::pending)));
        int room = Math.min(bounds.perRound(), Math.min(jobs, pending.free()));
        if (room <= 0) {
            return List.of();
        }
        List<Progressions.Candidate> line =
                withinTheirShareOfJobs(
                        batch.queued(cluster, room, leftOut.at(batch.now())), use, jobs);
        Set<Progressions.Candidate> chosen =
                new HashSet<>(
                        Shares.choose(
                                line,
                                room,
                                Progressions.Candidate::namespace,
                                candidate -> List.of(pending)));
        long pods = use.stream().mapToLong(Progressions.NamespaceUse::pods).sum();
        return thatFit(line.stream().filter(chosen::contains).toList(), pods, bounds.pods());
    }

    /**
     * What has stood long without a start may stand for ever: it keeps at most half of what is free
     * to its namespace, whoever waits.
     */
    private static List<Progressions.Candidate> withinTheirShareOfJobs(
            List<Progressions.Candidate> line,
            Collection<Progressions.NamespaceUse> use,
            int free) {
        Map<String, Integer> stuck =
                use.stream()
                        .filter(namespace -> namespace.stuck() > 0)
                        .collect(
                                Collectors.toMap(
                                        Progressions.NamespaceUse::namespace,
                                        Progressions.NamespaceUse::stuck));
        Map<String, Integer> asked = new HashMap<>();
        List<Progressions.Candidate> within = new ArrayList<>();
        for (Progressions.Candidate candidate : line) {
            Integer own = stuck.get(candidate.namespace());
            int nth = asked.merge(candidate.namespace(), 1, Integer::sum);
            if (own == null || nth <= (free - own) / (2 * stuck.size())) {
                within.add(candidate);
            }
        }
        return within;
    }

    /**
     * The first in line waits until it fits, so that small ones do not starve it; one that would
     * never fit goes when it has the cluster to itself.
     */
    private static List<JobId> thatFit(List<Progressions.Candidate> line, long used, int bound) {
        List<JobId> fit = new ArrayList<>();
        long pods = used;
        for (Progressions.Candidate candidate : line) {
            if (pods > 0 && pods + candidate.weight() > bound) {
                return fit;
            }
            pods += candidate.weight();
            fit.add(candidate.id());
        }
        return fit;
    }
}
