package io.windlass.cluster;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.windlass.job.Input;
import io.windlass.job.RefusalText;
import java.net.ConnectException;
import java.time.Duration;

/** What it means that the API server did not do what it was asked for. */
final class Refusals {
    static final Duration TRY_AGAIN = Duration.ofSeconds(2);

    private Refusals() {}

    static Cluster.Creation notMade(KubernetesClientException e) {
        String message = message(e);
        return switch (e.getCode()) {
            case 409 -> new Cluster.Creation.Exists();
            case 400, 422 -> new Cluster.Creation.Refused(Input.Refusal.SPEC_INVALID, message);
            case 404 -> new Cluster.Creation.Refused(Input.Refusal.NAMESPACE_MISSING, message);
            case 401 -> new Cluster.Creation.Refused(Input.Refusal.FORBIDDEN, message);
            case 403 -> new Cluster.Creation.Refused(RefusalText.of(message), message);
            case 429 -> new Cluster.Creation.NotMade(message, retryAfter(e));
            default ->
                    caused(e, ConnectException.class)
                            ? new Cluster.Creation.NotMade(message, TRY_AGAIN)
                            : new Cluster.Creation.Unknown(message);
        };
    }

    static ClusterAwayException away(KubernetesClientException e) {
        return new ClusterAwayException(message(e), retryAfter(e), e);
    }

    private static Duration retryAfter(KubernetesClientException e) {
        if (e.getStatus() != null
                && e.getStatus().getDetails() != null
                && e.getStatus().getDetails().getRetryAfterSeconds() != null) {
            int seconds = e.getStatus().getDetails().getRetryAfterSeconds();
            return Duration.ofSeconds(Math.clamp(seconds, 1, 60));
        }
        return TRY_AGAIN;
    }

    private static String message(KubernetesClientException e) {
        if (e.getStatus() != null && e.getStatus().getMessage() != null) {
            return e.getStatus().getMessage();
        }
        return String.valueOf(e.getMessage());
    }

    private static boolean caused(Throwable failure, Class<? extends Throwable> type) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (type.isInstance(t)) {
                return true;
            }
        }
        return false;
    }
}
