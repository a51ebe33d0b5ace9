package io.windlass.standalone.localcluster;

import io.windlass.json.Json;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the pods of Jobs, counts how they end, and sets the conditions. One thread, one Job at a
 * time.
 */
final class JobController implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JobController.class);
    static final String TRACKING = "batch.kubernetes.io/job-tracking";
    private static final String INDEX = "batch.kubernetes.io/job-completion-index";
    private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(1);

    private final ObjectStore store;
    private final Supplier<String> suffixes;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("local-job-controller").daemon().factory());

    /**
     * The controller of all Jobs of a store.
     *
     * @param suffixes of the names of pods
     */
    JobController(ObjectStore store, Supplier<String> suffixes) {
        this.store = store;
        this.suffixes = suffixes;
        store.listen(this::changed);
    }

    private void changed(ObjectStore.Change change) {
        Stored object = change.after();
        if (object.kind() == Kind.JOB) {
            if (change.gone()) {
                soon(() -> collectPods(object));
            } else {
                soon(() -> sync(object.namespace(), object.name()));
            }
        } else if (object.kind() == Kind.POD && ownerName(object) != null) {
            soon(() -> sync(object.namespace(), String.valueOf(ownerName(object))));
        }
    }

    private void soon(Runnable work) {
        later(work, Duration.ZERO);
    }

    private void later(Runnable work, Duration delay) {
        try {
            // guarded, so that its future has nothing to tell
            var _ = thread.schedule(() -> guarded(work), delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("the controller has stopped", e);
        }
    }

    private static void guarded(Runnable work) {
        try {
            work.run();
        } catch (ApiException e) {
            LOG.debug("{}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.warn("the job controller stumbled", e);
        }
    }

    private static @Nullable Object ownerName(Stored pod) {
        return pod.metadata().get("ownerReferences") instanceof List<?> owners
                        && !owners.isEmpty()
                        && owners.getFirst() instanceof Map<?, ?> owner
                ? owner.get("name")
                : null;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private void sync(String namespace, String name) {
        Stored job = store.find(Kind.JOB, namespace, name).orElse(null);
        if (job == null) {
            return;
        }
        List<Stored> pods = store.owned(Kind.POD, namespace, job.uid());
        JobTally tally = new JobTally(job);
        if (count(tally, pods)) {
            // the finalizers of these are gone: nothing counts them again
            writeStatus(job, tally, pods);
        }
        pods = store.owned(Kind.POD, namespace, job.uid());
        if (job.deleting()) {
            writeStatus(job, tally, pods);
            finalizeDeletion(job, pods);
            return;
        }
        if (!tally.finished()) {
            advance(job, tally, pods);
            pods = store.owned(Kind.POD, namespace, job.uid());
        }
        writeStatus(job, tally, pods);
    }

    /**
     * Each ended pod once: the finalizer says that it has not been counted yet. Tells whether there
     * was one.
     */
    private boolean count(JobTally tally, List<Stored> pods) {
        boolean counted = false;
        for (Stored pod : pods) {
            boolean neverRan = pod.deleting() && pod.at("spec", "nodeName") == null;
            if (pod.finalizers().contains(TRACKING) && (Resources.over(pod) || neverRan)) {
                if (Resources.over(pod)) {
                    tally.count(pod);
                    counted = true;
                }
                store.update(
                        Kind.POD,
                        pod.namespace(),
                        pod.name(),
                        p ->
                                p.withMetadata(
                                        "finalizers",
                                        p.finalizers().stream()
                                                .filter(f -> !TRACKING.equals(f))
                                                .toList()));
            }
        }
        return counted;
    }

    private void advance(Stored job, JobTally tally, List<Stored> pods) {
        // one that ended since it was looked at has not been counted, and so still stands for
        // itself
        List<Stored> active =
                pods.stream()
                        .filter(pod -> !Resources.over(pod) || pod.finalizers().contains(TRACKING))
                        .toList();
        boolean suspended = Boolean.TRUE.equals(job.at("spec", "suspend"));
        tally.suspended(suspended);
        if (!suspended) {
            deadline(job, tally);
        }
        tally.checkLimits();
        if (tally.decided()) {
            active.stream().filter(pod -> !Resources.over(pod)).forEach(this::delete);
            if (active.isEmpty()) {
                tally.finish();
            }
            return;
        }
        if (suspended) {
            active.stream().filter(pod -> !Resources.over(pod)).forEach(this::delete);
            return;
        }
        int missing =
                Math.min(tally.parallelism(), tally.completions() - tally.succeeded())
                        - active.size();
        Duration backoff = backoff(tally);
        if (missing > 0 && !backoff.isZero()) {
            later(() -> sync(job.namespace(), job.name()), backoff);
            return;
        }
        List<Integer> indexes = tally.indexed() ? tally.openIndexes(active) : List.of();
        for (int i = 0; i < missing; i++) {
            makePod(job, tally.indexed() ? indexes.get(i) : null);
        }
    }

    private void deadline(Stored job, JobTally tally) {
        if (job.at("spec", "activeDeadlineSeconds") instanceof BigDecimal seconds) {
            Instant end = tally.startTime().plusSeconds(seconds.longValue());
            Duration left = Duration.between(Instant.now(), end);
            if (left.isNegative() || left.isZero()) {
                tally.fail("DeadlineExceeded", "Job was active longer than specified deadline");
            } else {
                later(() -> sync(job.namespace(), job.name()), left.plusMillis(5));
            }
        }
    }

    private static Duration backoff(JobTally tally) {
        if (tally.lastFailure() == null || tally.failed() == 0) {
            return Duration.ZERO;
        }
        Duration wait = Duration.ofSeconds(1L << Math.min(tally.failed() - 1, 6));
        Duration bounded = wait.compareTo(LONGEST_BACKOFF) > 0 ? LONGEST_BACKOFF : wait;
        Duration left = Duration.between(Instant.now(), tally.lastFailure().plus(bounded));
        return left.isNegative() ? Duration.ZERO : left;
    }

    static String randomSuffix() {
        return Integer.toString(ThreadLocalRandom.current().nextInt(36 * 36 * 36 * 36), 36);
    }

    private void makePod(Stored job, @Nullable Integer index) {
        String name = job.name() + "-" + suffixes.get();
        while (store.find(Kind.POD, job.namespace(), name).isPresent()) {
            name = job.name() + "-" + suffixes.get();
        }
        Map<String, @Nullable Object> metadata = ObjectStore.metadata(job.namespace(), name);
        Map<String, @Nullable Object> labels = new LinkedHashMap<>();
        if (job.at("spec", "template", "metadata", "labels") instanceof Map<?, ?> own) {
            labels.putAll(Json.asObject(own));
        }
        labels.put("job-name", job.name());
        labels.put("batch.kubernetes.io/job-name", job.name());
        labels.put("controller-uid", job.uid());
        labels.put("batch.kubernetes.io/controller-uid", job.uid());
        metadata.put("labels", labels);
        if (index != null) {
            metadata.put("annotations", Map.of(INDEX, index.toString()));
        }
        metadata.put("finalizers", List.of(TRACKING));
        metadata.put(
                "ownerReferences",
                List.of(
                        Map.of(
                                "apiVersion",
                                "batch/v1",
                                "kind",
                                "Job",
                                "name",
                                job.name(),
                                "uid",
                                job.uid(),
                                "controller",
                                true,
                                "blockOwnerDeletion",
                                true)));
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("apiVersion", "v1");
        tree.put("kind", "Pod");
        tree.put("metadata", metadata);
        tree.put("spec", job.at("spec", "template", "spec"));
        store.create(Admission.admit(new Stored(Kind.POD, tree)));
    }

    static @Nullable Integer index(Stored pod) {
        return pod.at("metadata", "annotations") instanceof Map<?, ?> annotations
                        && annotations.get(INDEX) != null
                ? Integer.valueOf(String.valueOf(annotations.get(INDEX)))
                : null;
    }

    private void delete(Stored pod) {
        if (!pod.deleting()) {
            store.delete(
                    Kind.POD,
                    pod.namespace(),
                    pod.name(),
                    null,
                    p -> p,
                    pod.at("spec", "nodeName") != null && !Resources.over(pod));
        }
    }

    private void finalizeDeletion(Stored job, List<Stored> pods) {
        pods.forEach(this::delete);
        if (store.owned(Kind.POD, job.namespace(), job.uid()).isEmpty()) {
            store.update(
                    Kind.JOB,
                    job.namespace(),
                    job.name(),
                    j -> j.withMetadata("finalizers", List.of()));
        }
    }

    /** The Job went without waiting for its pods. */
    private void collectPods(Stored job) {
        for (Stored pod : store.owned(Kind.POD, job.namespace(), job.uid())) {
            store.update(
                    Kind.POD,
                    pod.namespace(),
                    pod.name(),
                    p -> p.withMetadata("finalizers", List.of()));
            store.find(Kind.POD, pod.namespace(), pod.name()).ifPresent(this::delete);
        }
    }

    private void writeStatus(Stored job, JobTally tally, List<Stored> pods) {
        List<Stored> active = new ArrayList<>(pods);
        active.removeIf(Resources::over);
        Map<String, @Nullable Object> status = tally.status(active.size());
        store.update(
                Kind.JOB, job.namespace(), job.name(), before -> before.with("status", status));
    }
}
