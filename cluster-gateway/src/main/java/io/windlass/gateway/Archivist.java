package io.windlass.gateway;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.windlass.log.LogObjects;
import io.windlass.log.Piece;
import io.windlass.messages.Installation;
import io.windlass.service.Loop;
import io.windlass.service.Loops;
import io.windlass.store.DatabaseAwayException;
import io.windlass.store.LogClaims;
import io.windlass.store.LogKeeping;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores what was read, of many logs at once: the objects first, then the rows that tell of them,
 * so that no row ever tells of an object that is not there. No object is ever written again.
 */
@Singleton
final class Archivist {
    private static final Logger LOG = LoggerFactory.getLogger(Archivist.class);
    private static final Duration TICK = Duration.ofMillis(200);
    private static final int MOST_LOGS = 64;

    /** So many in a row that the store of objects does not take: it is away. */
    private static final int AWAY = 2;

    private final LogKeeping keeping;
    private final LogObjects objects;
    private final LogClaims.Holder holder;
    private final String prefix;
    private final Map<LiveLog, Runnable> kept = new ConcurrentHashMap<>();

    /**
     * In the keys of what is being put, from the first try until rows may tell of it. Then another:
     * no key may be that of a gateway that follows the same log, nor that of a row that was written
     * and not heard of.
     */
    private final Map<LiveLog, UUID> marks = new ConcurrentHashMap<>();

    private final Loop loop;
    private volatile int turn;
    private final Counter bytes;
    private final Counter storedBytes;
    private final Counter setAside;

    Archivist(
            LogKeeping keeping,
            LogObjects objects,
            LogClaims.Holder holder,
            Installation installation,
            Loops loops,
            MeterRegistry metrics) {
        this.keeping = keeping;
        this.objects = objects;
        this.holder = holder;
        this.prefix = installation.id() + "/";
        this.loop = loops.add(new Loop("log-archive", this::runOnce));
        this.bytes = metrics.counter("windlass.logs.bytes");
        this.storedBytes = metrics.counter("windlass.logs.stored.bytes");
        this.setAside = metrics.counter("windlass.set.aside", "where", "archive");
        metrics.gauge(
                "windlass.logs.memory.bytes",
                kept,
                all -> all.keySet().stream().mapToLong(LiveLog::inMemory).sum());
    }

    /** From now on, until it is stored whole or another follows it. */
    void keep(LiveLog log, Runnable whenOver) {
        kept.put(log, whenOver);
        wake();
    }

    void wake() {
        loop.wake();
    }

    Duration runOnce() {
        return store(false) == MOST_LOGS ? Duration.ZERO : TICK;
    }

    /** Whatever there is, at once: for when this process goes. */
    void storeAll() {
        int most = kept.size() / MOST_LOGS + 1;
        for (int i = 0; i < most && store(true) > 0; i++) {
            LOG.debug("stored some more of the logs");
        }
    }

    private record Job(LiveLog log, LiveLog.Flush flush) {}

    private int store(boolean now) {
        List<Job> jobs = due(now);
        if (!jobs.isEmpty()) {
            store(jobs);
        }
        kept.forEach((log, then) -> {
            if ((log.lost() || log.closed()) && kept.remove(log, then)) {
                marks.remove(log);
                then.run();
            }
        });
        return jobs.size();
    }

    /** Each in its turn: whoever writes much does not keep the others waiting. */
    private List<Job> due(boolean now) {
        List<Job> jobs = new ArrayList<>();
        List<LiveLog> all = List.copyOf(kept.keySet());
        int first = turn;
        for (int i = 0; i < all.size() && jobs.size() < MOST_LOGS; i++) {
            turn = (first + i + 1) % all.size();
            LiveLog log = all.get((first + i) % all.size());
            if (now || !log.setAside().rests()) {
                log.due(now).ifPresent(flush -> jobs.add(new Job(log, flush)));
            }
        }
        return jobs;
    }

    private void store(List<Job> jobs) {
        try {
            storeTogether(jobs);
        } catch (DatabaseAwayException e) {
            throw e;
        } catch (RuntimeException e) {
            if (jobs.size() == 1 && e instanceof LogObjects.AwayException) {
                throw e;
            }
            LOG.warn(
                    "{} logs cannot be stored together and are one by one: {}",
                    jobs.size(),
                    e.toString());
            oneByOne(jobs);
        }
    }

    /** What fails alone rests; where nothing can be reached, nothing is at fault. */
    private void oneByOne(List<Job> jobs) {
        int inARow = 0;
        for (Job job : jobs) {
            try {
                storeTogether(List.of(job));
                inARow = 0;
            } catch (DatabaseAwayException e) {
                throw e;
            } catch (LogObjects.AwayException e) {
                inARow++;
                if (inARow == AWAY) {
                    throw e;
                }
                setAside(job.log(), e);
            } catch (RuntimeException e) {
                inARow = 0;
                setAside(job.log(), e);
            }
        }
    }

    private void setAside(LiveLog log, RuntimeException failure) {
        Duration rest = log.setAside().failed();
        LOG.error(
                "log {} cannot be stored and rests for {}: {}", log.id(), rest, failure.toString());
        setAside.increment();
        try {
            keeping.setAside(log.id(), failure.toString());
        } catch (RuntimeException e) {
            LOG.warn("nor can its row say so: {}", e.toString());
        }
    }

    private void storeTogether(List<Job> jobs) {
        Map<String, byte[]> puts = new HashMap<>();
        List<LogKeeping.Growth> growths = new ArrayList<>();
        for (Job job : jobs) {
            growths.add(growth(job, puts));
        }
        if (!puts.isEmpty()) {
            keeping.announce(puts.keySet());
            objects.put(puts);
        }
        jobs.forEach(job -> marks.remove(job.log()));
        Set<Long> refused = keeping.write(growths, holder);
        storedBytes.increment(puts.values().stream().mapToDouble(data -> data.length).sum());
        for (Job job : jobs) {
            if (refused.contains(job.log().id())) {
                LOG.info("log {} is followed elsewhere by now, or its job is gone", job.log().id());
                job.log().takenOver();
            } else {
                bytes.increment((double) (job.flush().state().bytes() - job.flush().expected()));
                job.log().stored(job.flush());
                job.log().setAside().over();
            }
        }
    }

    private LogKeeping.Growth growth(Job job, Map<String, byte[]> puts) {
        LiveLog.Flush flush = job.flush();
        UUID mark = marks.computeIfAbsent(job.log(), _ -> UUID.randomUUID());
        List<LogKeeping.NewPiece> pieces = new ArrayList<>();
        for (Piece piece : flush.pieces()) {
            String key = prefix + job.log().id() + "/" + piece.from() + "-" + mark;
            byte[] encoded = piece.encoded();
            puts.put(key, encoded);
            pieces.add(
                    new LogKeeping.NewPiece(
                            piece.from(),
                            piece.length(),
                            piece.lines(),
                            lastNanos(piece, flush),
                            encoded.length,
                            key));
        }
        return new LogKeeping.Growth(
                job.log().id(),
                flush.expected(),
                flush.state(),
                flush.omittedFrom(),
                flush.omittedTo(),
                pieces,
                flush.gone(),
                flush.sha256());
    }

    /** A piece inside of one long line is as old as that line. */
    private static long lastNanos(Piece piece, LiveLog.Flush flush) {
        if (piece.lines() > 0) {
            return piece.time(piece.lines() - 1);
        }
        return flush.state().position() == null ? 0 : flush.state().position().nanos();
    }
}
