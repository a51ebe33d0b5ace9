package io.windlass.cluster;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.windlass.job.Input;
import io.windlass.job.RefusalText;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Set;

/** What it means that the API server did not do what it was asked for. */
final class Refusals {
    static final Duration TRY_AGAIN = Duration.ofSeconds(2);
    private static final Duration CONFLICT = Duration.ofSeconds(1);

    /** What a proxy in front of a dead API server does not say. */
    private static final Set<Integer> REFUSALS = Set.of(401, 403, 429);

    private Refusals() {}

    /**
     * Of a Job: what the number alone would say may be said by a proxy, or about something else.
     */
    static Cluster.Creation notMade(KubernetesClientException e) {
        ApiAnswer said = ApiAnswer.of(e);
        String message = said.message();
        if (said.isDenial()) {
            return new Cluster.Creation.Refused(Input.Refusal.REJECTED_BY_POLICY, message);
        }
        return switch (said.code()) {
            case 400 -> refused(said, said.is(ApiAnswer.BAD_REQUEST), Input.Refusal.SPEC_INVALID);
            case 422 ->
                    refused(
                            said,
                            said.is(ApiAnswer.INVALID, ApiAnswer.JOB),
                            Input.Refusal.SPEC_INVALID);
            case 404 ->
                    refused(
                            said,
                            said.is(ApiAnswer.NOT_FOUND, ApiAnswer.NAMESPACES),
                            Input.Refusal.NAMESPACE_MISSING);
            case 401 -> new Cluster.Creation.Refused(Input.Refusal.FORBIDDEN, message);
            case 403 ->
                    new Cluster.Creation.Refused(
                            said.is(ApiAnswer.FORBIDDEN)
                                    ? RefusalText.of(message)
                                    : Input.Refusal.FORBIDDEN,
                            message);
            case 409 -> taken(said);
            case 429 -> new Cluster.Creation.NotMade(message, retryAfter(e));
            case 500 ->
                    said.isWithoutItsWebhook()
                            ? new Cluster.Creation.NotMade(message, retryAfter(e))
                            : new Cluster.Creation.Unknown(message);
            default ->
                    caused(e, ConnectException.class)
                            ? new Cluster.Creation.NotMade(message, TRY_AGAIN)
                            : new Cluster.Creation.Unknown(message);
        };
    }

    private static Cluster.Creation refused(ApiAnswer said, boolean sure, Input.Refusal why) {
        return sure
                ? new Cluster.Creation.Refused(why, said.message())
                : new Cluster.Creation.NotMade(said.code() + ": " + said.message(), TRY_AGAIN);
    }

    /** A quota that many count in at once is a conflict, too. */
    private static Cluster.Creation taken(ApiAnswer said) {
        if (said.is(ApiAnswer.ALREADY_EXISTS, ApiAnswer.JOBS)) {
            return new Cluster.Creation.Exists();
        }
        return said.reason().isEmpty()
                ? new Cluster.Creation.Unknown(said.message())
                : new Cluster.Creation.NotMade(said.message(), CONFLICT);
    }

    static ClusterAwayException away(KubernetesClientException e) {
        String message = ApiAnswer.of(e).message();
        return new ClusterAwayException(
                e.getCode() == 404 ? "404 for what must be there: " + message : message,
                retryAfter(e),
                e,
                REFUSALS.contains(e.getCode()));
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

    private static boolean caused(Throwable failure, Class<? extends Throwable> type) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (type.isInstance(t)) {
                return true;
            }
        }
        return false;
    }
}
