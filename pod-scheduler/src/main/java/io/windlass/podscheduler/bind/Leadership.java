package io.windlass.podscheduler.bind;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which of several replicas decides, by a Lease. How old a lease is, is measured from when this
 * process saw it change, so that clocks need not agree; and who leads stops by itself before the
 * others may take over.
 */
public final class Leadership {
    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);

    private final KubernetesClient client;
    private final String namespace;
    private final String name;
    private final String me;
    private final Duration length;
    private final Clock clock;
    private final LongSupplier nanos;
    private @Nullable String seenVersion;
    private long seenAt;
    private volatile boolean held;
    private volatile long renewedAt;

    public Leadership(
            KubernetesClient client,
            String namespace,
            String name,
            String me,
            Duration length,
            Clock clock,
            LongSupplier nanos) {
        this.client = client;
        this.namespace = namespace;
        this.name = name;
        this.me = me;
        this.length = length;
        this.clock = clock;
        this.nanos = nanos;
    }

    public boolean isLeading() {
        return held && nanos.getAsLong() - renewedAt < length.toNanos() * 2 / 3;
    }

    /** To be called several times within a lease's length; whether this led to leading. */
    public synchronized boolean tend() {
        boolean led = isLeading();
        long asked = nanos.getAsLong();
        try {
            Lease lease = lease().get();
            if (lease == null) {
                hold(client.resource(next(null, false)).create(), asked);
            } else if (isMine(lease)) {
                hold(client.resource(next(lease, false)).update(), asked);
            } else if (isFree(lease, asked)) {
                hold(client.resource(next(lease, true)).update(), asked);
            } else {
                held = false;
            }
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                LOG.debug("another was faster to take the lease {}/{}", namespace, name);
            } else {
                LOG.warn("the lease {}/{}: {}; it is tried again", namespace, name, e.toString());
            }
        }
        if (led != isLeading()) {
            LOG.info(
                    "{} {} by the lease {}/{}",
                    me,
                    led ? "leads no more" : "leads",
                    namespace,
                    name);
        }
        return !led && isLeading();
    }

    /** So that another need not wait. */
    public synchronized void release() {
        if (!held) {
            return;
        }
        held = false;
        try {
            Lease lease = lease().get();
            if (lease != null && isMine(lease)) {
                lease.getSpec().setHolderIdentity("");
                client.resource(lease).update();
            }
        } catch (KubernetesClientException e) {
            LOG.debug("the lease {}/{} runs out by itself", namespace, name, e);
        }
    }

    private Resource<Lease> lease() {
        return client.leases().inNamespace(namespace).withName(name);
    }

    private void hold(Lease lease, long asked) {
        held = true;
        renewedAt = asked;
        seenVersion = lease.getMetadata().getResourceVersion();
        seenAt = asked;
    }

    private boolean isMine(Lease lease) {
        return lease.getSpec() != null && me.equals(lease.getSpec().getHolderIdentity());
    }

    private boolean isFree(Lease lease, long now) {
        if (lease.getSpec() == null
                || lease.getSpec().getHolderIdentity() == null
                || lease.getSpec().getHolderIdentity().isEmpty()) {
            return true;
        }
        String version = lease.getMetadata().getResourceVersion();
        if (!Objects.equals(version, seenVersion)) {
            seenVersion = version;
            seenAt = now;
            return false;
        }
        Integer seconds = lease.getSpec().getLeaseDurationSeconds();
        return now - seenAt > (seconds == null ? length : Duration.ofSeconds(seconds)).toNanos();
    }

    private Lease next(@Nullable Lease before, boolean another) {
        ZonedDateTime now = clock.instant().atZone(ZoneOffset.UTC);
        Integer transitions =
                before == null || before.getSpec() == null
                        ? null
                        : before.getSpec().getLeaseTransitions();
        ZonedDateTime acquired =
                before == null || another || before.getSpec() == null
                        ? now
                        : before.getSpec().getAcquireTime();
        return new LeaseBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .withResourceVersion(
                        before == null ? null : before.getMetadata().getResourceVersion())
                .endMetadata()
                .withNewSpec()
                .withHolderIdentity(me)
                .withLeaseDurationSeconds((int) length.toSeconds())
                .withAcquireTime(acquired)
                .withRenewTime(now)
                .withLeaseTransitions((transitions == null ? 0 : transitions) + (another ? 1 : 0))
                .endSpec()
                .build();
    }
}
