package io.windlass.processor;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.SpanKind;
import io.windlass.cluster.Cluster;
import io.windlass.cluster.ClusterAwayException;
import io.windlass.job.Command;
import io.windlass.job.Input;
import io.windlass.job.Job;
import io.windlass.job.JobManifest;
import io.windlass.job.Look;
import io.windlass.service.Machine;
import io.windlass.service.Tracing;
import io.windlass.store.Checks;
import io.windlass.store.DatabaseAwayException;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out commands in the cluster, and tells what came of them as the next input. No
 * transaction is open here.
 */
@Singleton
public final class Hands {
    private static final Logger LOG = LoggerFactory.getLogger(Hands.class);

    private static final String REFUSED = "windlass.kubernetes.jobs.refused";
    private static final Duration CLAIM_LOST = Duration.ofSeconds(1);

    private final Cluster cluster;
    private final Checks checks;
    private final Manifests manifests;
    private final ChecksSettings settings;
    private final Machine machine;
    private final Tracing tracing;
    private final MeterRegistry metrics;
    private final Counter created;
    private final Counter adopted;
    private final Counter strays;

    public Hands(
            Cluster cluster,
            Checks checks,
            Manifests manifests,
            ChecksSettings settings,
            Machine machine,
            Tracing tracing,
            MeterRegistry metrics) {
        this.cluster = cluster;
        this.checks = checks;
        this.manifests = manifests;
        this.settings = settings;
        this.machine = machine;
        this.tracing = tracing;
        this.metrics = metrics;
        this.created = metrics.counter("windlass.kubernetes.jobs.made");
        this.adopted = metrics.counter("windlass.kubernetes.jobs.adopted");
        this.strays = metrics.counter("windlass.kubernetes.jobs.strays");
    }

    /**
     * Does it.
     *
     * @param identity of the cluster that is meant; null where that is not known just now
     */
    Input carryOut(Job job, Command command, Instant now, @Nullable String identity) {
        try {
            return switch (command) {
                case Command.Create create -> create(job, now, identity, false);
                case Command.Occupy occupy -> create(job, now, identity, true);
                case Command.TakeLook look -> new Input.Looked(look(job, identity));
                case Command.Delete delete ->
                        new Input.Deleted(cluster.delete(job.namespace(), name(job), delete.uid()));
                case Command.Remove remove ->
                        new Input.Deleted(cluster.remove(job.namespace(), name(job), remove.uid()));
                case Command.DeleteStray stray -> {
                    deleteStray(job, stray);
                    yield new Input.Looked(look(job, identity));
                }
                case Command.EndPods pods -> {
                    cluster.endPods(job.namespace(), job.id(), pods.uid(), pods.grace());
                    yield new Input.Looked(look(job, identity));
                }
                case Command.Retire retire -> new Input.Retired(retire(job, retire.uid()));
            };
        } catch (ClusterAwayException e) {
            LOG.atWarn().addKeyValue("job", job.id()).log("{}", e.getMessage());
            return new Input.CallFailed(String.valueOf(e.getMessage()), e.retryAfter());
        }
    }

    void deleteStray(Job job, Command.DeleteStray stray) {
        if (!cluster.delete(job.namespace(), name(job), stray.uid())) {
            LOG.atWarn()
                    .addKeyValue("job", job.id())
                    .log("a stray Job {} of uid {} is deleted", name(job), stray.uid());
            strays.increment();
        }
    }

    private boolean retire(Job job, String uid) {
        boolean gone = cluster.suspend(job.namespace(), name(job), uid);
        if (!gone) {
            cluster.deleteEndedPods(job.namespace(), job.id());
        }
        return gone;
    }

    /** That a Job is not there is believed of the known cluster only, and asked after the look. */
    private Look look(Job job, @Nullable String identity) {
        Look look = cluster.look(job.namespace(), name(job), job.id());
        boolean absent = look.job() == null && job.progress().kubernetesUid() != null;
        if (absent && !cluster.identity().equals(identity)) {
            throw new ClusterAwayException("another cluster answers", settings.retry(), null);
        }
        return look;
    }

    private Input create(Job job, Instant now, @Nullable String identity, boolean suspended) {
        long begun = machine.nanoTime();
        UUID token = machine.randomId();
        Optional<Checks.Granted> granted =
                identity == null
                        ? Optional.empty()
                        : checks.claim(job, token, identity, settings.claim());
        if (granted.isEmpty()) {
            return new Input.ClaimLost(now.plus(CLAIM_LOST));
        }
        Map<String, @Nullable Object> manifest;
        try {
            manifest = manifests.of(job, suspended);
        } catch (Manifests.UnreadableException e) {
            checks.release(job.id(), token);
            return new Input.CreateRefused(
                    Input.Refusal.SPEC_INVALID, String.valueOf(e.getMessage()));
        }
        // begun before the claim was: whoever was frozen in between must not POST any more
        Duration elapsed = Duration.ofNanos(machine.nanoTime() - begun);
        if (elapsed.plus(ChecksSettings.POST_TIME_OUT).compareTo(settings.claim()) > 0) {
            checks.release(job.id(), token);
            return new Input.CreateFailed("too slow for its claim", settings.retry());
        }
        return switch (made(job, manifest)) {
            case Cluster.Creation.Made made -> {
                created.increment();
                if (granted.get().othersWait()) {
                    postAgain(job);
                }
                yield suspended ? new Input.Occupied(made.job()) : new Input.Created(made.job());
            }
            case Cluster.Creation.Exists exists -> {
                adopted.increment();
                yield new Input.Looked(look(job, identity));
            }
            case Cluster.Creation.Refused refused -> {
                checks.release(job.id(), token);
                metrics.counter(REFUSED, "why", refused.why().name()).increment();
                yield new Input.CreateRefused(refused.why(), refused.message());
            }
            case Cluster.Creation.NotMade not -> {
                checks.release(job.id(), token);
                yield new Input.CreateFailed(not.message(), not.retryAfter());
            }
            case Cluster.Creation.Unknown unknown -> {
                LOG.atWarn()
                        .addKeyValue("job", job.id())
                        .log("it is not known whether its Job was made: {}", unknown.message());
                yield new Input.CreateUnknown(unknown.message());
            }
        };
    }

    /** Who is not told of it comes at the time that it has. */
    private void postAgain(Job job) {
        try {
            checks.postAgain(job.cluster(), job.namespace());
        } catch (DatabaseAwayException e) {
            LOG.debug("those that wait in {} are not told: {}", job.namespace(), e.getMessage());
        }
    }

    private Cluster.Creation made(Job job, Map<String, @Nullable Object> manifest) {
        String trace = JobManifest.traceparent(manifest);
        if (trace == null) {
            return cluster.create(job.namespace(), manifest);
        }
        try (Tracing.Step step =
                tracing.begin("create Kubernetes Job", SpanKind.CLIENT, trace)
                        .with("windlass.job.id", job.id())
                        .with("k8s.namespace.name", job.namespace())
                        .with("k8s.job.name", name(job))) {
            Cluster.Creation creation = cluster.create(job.namespace(), manifest);
            step.with("windlass.creation", creation.getClass().getSimpleName());
            return creation;
        }
    }

    private static String name(Job job) {
        return Objects.requireNonNull(job.progress().kubernetesName());
    }
}
