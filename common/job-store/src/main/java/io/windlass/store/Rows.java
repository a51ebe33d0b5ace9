package io.windlass.store;

import io.windlass.job.CallTrouble;
import io.windlass.job.Claim;
import io.windlass.job.ClusterIdentity;
import io.windlass.job.Desired;
import io.windlass.job.Heard;
import io.windlass.job.Job;
import io.windlass.job.JobId;
import io.windlass.job.JobState;
import io.windlass.job.Marks;
import io.windlass.job.PodRecord;
import io.windlass.job.Progress;
import io.windlass.job.Surroundings;
import io.windlass.job.WaitClass;
import io.windlass.job.Waiting;
import io.windlass.json.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows to records and back. */
final class Rows {
    // what succeeded has run: until its logs have been found they are awaited too
    private static final String LOGS_OPEN =
            """
            s.finished_at is not null and not s.settled
                and exists (select from gateway g
                    where g.cluster = s.cluster and g.seen_at > clock_timestamp() - interval '10 minutes')
                and (exists (select from log_pod o where o.job_id = j.id and o.closed_at is null)
                    or (s.state = 'SUCCEEDED' and not exists (select from log_pod o where o.job_id = j.id))
                    or exists (select from job_pod p
                        where p.job_id = j.id and p.started_at is not null and not exists (
                            select from log_pod o where o.job_id = p.job_id and o.pod_uid = p.pod_uid)))
            """;

    /** The columns that {@link #job} reads, of job j and job_state s. */
    static final String JOB =
            """
            j.id, j.cluster, j.namespace, j.name, j.spec_hash, j.max_retries, j.completions, j.start_timeout_ms,
            j.waits_for_config,
            j.submitted_at, s.takeovers, s.claim_token, s.claim_until, s.version, s.state, s.desired, s.desired_reason,
            s.desired_message, s.reason, s.message, s.exit_code, s.may_have_run, s.attempt, s.kubernetes_name,
            s.kubernetes_uid, s.guard, s.missing_since, s.delete_requested_at, s.settled, s.admitted_at, s.job_seen_at, s.started_at,
            s.finished_at, s.waiting, s.next_check_at, s.look_wanted_at, s.failed_calls, s.next_post_at,
            s.ending_since, s.job_changed_since, s.pods_remain_since, s.cluster_identity, s.lost_identity, (
            """
                    + LOGS_OPEN
                    + ") as logs_open\n";

    /** The spec of job j, as it was hashed where the row has that. */
    static final String SPEC = "coalesce(j.spec_text, " + StoredTree.printed("j.spec") + ")";

    private static final String UNKNOWN = "UNKNOWN";

    private Rows() {}

    static Job job(ResultSet row, List<PodRecord> pods) throws SQLException {
        long startTimeout = row.getLong("start_timeout_ms");
        Duration timeout = row.wasNull() ? null : Duration.ofMillis(startTimeout);
        return new Job(
                new JobId(row.getObject("id", UUID.class)),
                row.getString("cluster"),
                row.getString("namespace"),
                row.getString("name"),
                row.getString("spec_hash"),
                row.getInt("max_retries"),
                row.getInt("completions"),
                timeout,
                row.getBoolean("waits_for_config"),
                present(row, "submitted_at"),
                row.getInt("version"),
                progress(row),
                claim(row),
                row.getInt("takeovers"),
                pods,
                Surroundings.NONE,
                row.getBoolean("logs_open"),
                new ClusterIdentity(
                        row.getString("cluster_identity"), row.getString("lost_identity")));
    }

    private static @Nullable Claim claim(ResultSet row) throws SQLException {
        UUID token = row.getObject("claim_token", UUID.class);
        return token == null ? null : new Claim(token, present(row, "claim_until"));
    }

    static Progress progress(ResultSet row) throws SQLException {
        return new Progress(
                JobState.valueOf(row.getString("state")),
                desired(row),
                row.getString("reason"),
                row.getString("message"),
                row.getObject("exit_code", Integer.class),
                row.getObject("may_have_run", Boolean.class),
                row.getInt("attempt"),
                row.getString("kubernetes_name"),
                row.getString("kubernetes_uid"),
                row.getLong("guard"),
                instant(row, "missing_since"),
                instant(row, "delete_requested_at"),
                row.getBoolean("settled"),
                instant(row, "admitted_at"),
                instant(row, "job_seen_at"),
                instant(row, "started_at"),
                instant(row, "finished_at"),
                waiting(row.getString("waiting")),
                instant(row, "next_check_at"),
                instant(row, "look_wanted_at"),
                new Marks(
                        instant(row, "ending_since"),
                        instant(row, "job_changed_since"),
                        instant(row, "pods_remain_since")),
                trouble(row));
    }

    private static @Nullable CallTrouble trouble(ResultSet row) throws SQLException {
        Instant nextPostAt = instant(row, "next_post_at");
        return nextPostAt == null ? null : new CallTrouble(row.getInt("failed_calls"), nextPostAt);
    }

    private static Desired desired(ResultSet row) throws SQLException {
        return switch (row.getString("desired")) {
            case "RUN" -> new Desired.Run();
            case "CANCEL" -> new Desired.Cancel();
            default ->
                    new Desired.Fail(
                            Objects.requireNonNullElse(row.getString("desired_reason"), UNKNOWN),
                            Objects.requireNonNullElse(row.getString("desired_message"), ""));
        };
    }

    static PodRecord pod(ResultSet row) throws SQLException {
        String waitClass = row.getString("class");
        return new PodRecord(
                row.getString("pod_uid"),
                row.getInt("attempt"),
                row.getString("name"),
                row.getLong("guard"),
                row.getString("phase"),
                row.getString("node"),
                waitClass == null ? null : WaitClass.named(waitClass),
                row.getString("cause"),
                instant(row, "class_since"),
                row.getString("image"),
                heard(row),
                row.getInt("pulls"),
                instant(row, "started_at"),
                row.getObject("exit_code", Integer.class),
                row.getString("reason"),
                row.getString("message"),
                row.getBoolean("disrupted"));
    }

    private static @Nullable Heard heard(ResultSet row) throws SQLException {
        String waitClass = row.getString("heard_class");
        return waitClass == null
                ? null
                : new Heard(
                        WaitClass.named(waitClass),
                        row.getLong("heard_count"),
                        present(row, "heard_at"));
    }

    static @Nullable String json(@Nullable Waiting waiting) {
        if (waiting == null) {
            return null;
        }
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("class", waiting.waitClass().name());
        tree.put("message", waiting.message());
        tree.put("since", waiting.since().toString());
        tree.put("verdictAt", Objects.toString(waiting.verdictAt(), null));
        tree.put("object", waiting.object());
        Heard heard = waiting.heard();
        if (heard != null) {
            tree.put(
                    "heard",
                    Map.of(
                            "class", heard.waitClass().name(),
                            "count", heard.count(),
                            "at", heard.at().toString()));
        }
        return Json.write(tree);
    }

    /** Nothing where it cannot be read: the next look tells it again. */
    private static @Nullable Waiting waiting(@Nullable String json) {
        try {
            return json == null ? null : waiting(Json.object(json));
        } catch (IllegalArgumentException | DateTimeException e) {
            return null;
        }
    }

    private static Waiting waiting(Map<String, @Nullable Object> tree) {
        Object verdictAt = tree.get("verdictAt");
        Object object = tree.get("object");
        Object heard = tree.get("heard");
        return new Waiting(
                WaitClass.named(String.valueOf(tree.get("class"))),
                String.valueOf(tree.get("message")),
                Instant.parse(String.valueOf(tree.get("since"))),
                verdictAt == null ? null : Instant.parse(verdictAt.toString()),
                object == null ? null : object.toString(),
                heard == null ? null : heard(Json.asObject(heard)));
    }

    private static Heard heard(Map<String, @Nullable Object> tree) {
        return new Heard(
                WaitClass.named(String.valueOf(tree.get("class"))),
                Long.parseLong(String.valueOf(tree.get("count"))),
                Instant.parse(String.valueOf(tree.get("at"))));
    }

    static @Nullable OffsetDateTime time(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    static Instant instant(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    static Instant present(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
