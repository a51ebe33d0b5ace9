package io.windlass.migrations;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The database user of one service, and all that it may do. Deletes of what hangs on a job go by
 * foreign key, with the owner's rights.
 *
 * @param user its name; made if it is not there
 * @param password set anew by every migration
 */
record ServiceRole(Kind kind, String user, String password) {
    private static final String READ =
            "installation, cluster, cluster_lost, cluster_asked, job, job_state, job_pod, event_feed, job_event, forgotten_job, idempotency_key,"
                    + " image_start, outage, schedule, schedule_run, schedule_health, gateway, log_pod, log, log_piece, log_object,"
                    + " status_drift, flyway_schema_history";

    /** All that this version knows: of others it takes nothing away. */
    static final String TABLES = READ + ", log_garbage, job_event_default";

    enum Kind {
        WEB_SERVER,
        MESSAGES_PROCESSOR,
        SCHEDULES_PROCESSOR,
        CLUSTER_GATEWAY;

        List<String> grants() {
            return switch (this) {
                // stores jobs, writes the wish to cancel, pauses clusters and declares them lost,
                // deletes what has ended;
                // changes schedules,
                // and accounts for what had come until then
                case WEB_SERVER ->
                        List.of(
                                "select on " + READ,
                                "insert on job, job_state, job_event, forgotten_job, idempotency_key, cluster,"
                                        + " cluster_lost, installation, schedule, schedule_run",
                                "update on job_state, cluster_lost, schedule, schedule_run",
                                "update (paused) on cluster",
                                "update (key_fingerprint) on installation",
                                "update (dropped_at) on log",
                                "delete on job, job_pod, log_pod, log_piece, job_event, idempotency_key, schedule");
                // the only writer of state, of the feed, and of what is seen in a cluster
                case MESSAGES_PROCESSOR ->
                        List.of(
                                "select on " + READ,
                                "insert on job_event, forgotten_job, job_pod, cluster, cluster_asked, installation,"
                                        + " image_start, outage, schedule_health, status_drift",
                                "update on job_state, job_pod, event_feed, forgotten_job, cluster_asked, image_start,"
                                        + " outage, schedule_health, status_drift",
                                "update (job_state) on schedule_run",
                                "update (seq) on job_event",
                                "update (heartbeat_at, identity, asked_at, answers_identity, answers_since) on cluster",
                                "update (done_at, told_to) on cluster_lost",
                                "update (key_fingerprint) on installation",
                                "update (dropped_at, closed_at, sha256, stored, losses) on log",
                                "update (closed_at, lease_until) on log_pod",
                                "delete on job, job_pod, log_pod, log_piece, job_event, forgotten_job, idempotency_key,"
                                        + " cluster_asked, image_start, outage, status_drift");
                // stores the jobs of schedules, ends those that are replaced, forgets what is not
                // kept
                case SCHEDULES_PROCESSOR ->
                        List.of(
                                "select on " + READ,
                                "insert on job, job_state, job_event, forgotten_job, schedule_run, installation",
                                "update on job_state, schedule, schedule_run",
                                "update (key_fingerprint) on installation",
                                "update (dropped_at) on log",
                                "delete on job, job_pod, log_pod, log_piece, job_event, idempotency_key");
                // keeps logs; of jobs it says only that somebody should look
                case CLUSTER_GATEWAY ->
                        List.of(
                                "select on " + READ + ", log_garbage",
                                "insert on gateway, log_pod, log, log_piece, log_object, log_garbage, installation",
                                "update on gateway, log_pod, log, log_object, log_garbage",
                                "update (next_check_at) on job_state",
                                "update (key_fingerprint) on installation",
                                "delete on gateway, log_piece, log_object, log_garbage");
            };
        }
    }

    /** The variable with its password, which has to be set; none where no user is named. */
    static Optional<String> passwordOf(Kind kind, Map<String, String> environment) {
        String prefix = "WINDLASS_DATABASE_" + kind.name();
        return environment.getOrDefault(prefix + "_USER", "").isBlank()
                ? Optional.empty()
                : Optional.of(prefix + "_PASSWORD");
    }

    /** As the environment names it; none where it does not. */
    static Optional<ServiceRole> of(Kind kind, Map<String, String> environment) {
        Optional<String> variable = passwordOf(kind, environment);
        if (variable.isEmpty()) {
            return Optional.empty();
        }
        String password = environment.getOrDefault(variable.get(), "");
        if (password.isBlank()) {
            throw new IllegalStateException("set " + variable.get() + " too");
        }
        String user = environment.getOrDefault("WINDLASS_DATABASE_" + kind.name() + "_USER", "");
        return Optional.of(new ServiceRole(kind, user, password));
    }
}
