package io.windlass.e2e.neighbour;

import io.windlass.harness.Api;
import io.windlass.harness.Database;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Schedules that tick in turn and may not be late: what nobody was there for is MISSED, since
 * nothing is caught up.
 */
final class TickingSchedules {
    private final PatientClient client;
    private final String namespace;
    private final int count;
    private final int period;

    /**
     * So many, each of them every so many seconds.
     *
     * @param period a part of a minute
     */
    TickingSchedules(PatientClient client, String namespace, int count, int period) {
        this.client = client;
        this.namespace = namespace;
        this.count = count;
        this.period = period;
    }

    void begin() throws InterruptedException {
        for (int i = 0; i < count; i++) {
            Map<String, Object> job = Api.simulated("ignored");
            job.remove("name");
            Map<String, Object> schedule = new LinkedHashMap<>();
            schedule.put("name", name(i));
            schedule.put("namespace", namespace);
            schedule.put("cron", cron(second(i)));
            schedule.put("catchUp", "none");
            schedule.put("keep", Map.of("succeeded", 10_000, "failed", 10_000, "age", "30d"));
            schedule.put("job", job);
            if (client.call("PUT", path(i), schedule).isEmpty()) {
                return;
            }
        }
    }

    private static String name(int i) {
        return "ticks-%02d".formatted(i);
    }

    private String path(int i) {
        return "/api/v1/schedules/" + namespace + "/" + name(i);
    }

    /** They come one after the other, and not all at once. */
    private int second(int i) {
        return i * period / count;
    }

    private String cron(int second) {
        List<String> seconds = new ArrayList<>();
        for (int s = second; s < 60; s += period) {
            seconds.add(Integer.toString(s));
        }
        return String.join(",", seconds) + " * * * * *";
    }

    /** How many instants of a second in the period lie after the one and not after the other. */
    static long instants(int second, int period, Instant after, Instant until) {
        return upTo(second, period, until) - upTo(second, period, after);
    }

    private static long upTo(int second, int period, Instant at) {
        return Math.floorDiv(at.getEpochSecond() - second, period);
    }

    /** Pauses them, once all that has come was accounted for; then each instant has its run. */
    List<String> violations() throws InterruptedException, SQLException {
        List<String> violations = new ArrayList<>();
        Instant until = Instant.now();
        Database database = client.stack().database();
        try {
            Awaitility.await()
                    .atMost(client.patience())
                    .pollInterval(Duration.ofMillis(250))
                    .until(() ->
                            database.number(
                                            "select count(*) from schedule where namespace = '%s' and accounted_until >= '%s'"
                                                    .formatted(namespace, until))
                                    == count);
        } catch (ConditionTimeoutException e) {
            violations.add("schedules are not accounted for up to " + until);
        }
        for (int i = 0; i < count; i++) {
            client.call("POST", path(i) + "/pause", null);
        }
        awaitTheirJobs(violations);
        for (int i = 0; i < count; i++) {
            violations.addAll(ofOne(i, until));
        }
        return violations;
    }

    private void awaitTheirJobs(List<String> violations) {
        try {
            Awaitility.await()
                    .atMost(client.patience())
                    .pollInterval(Duration.ofMillis(250))
                    .until(() ->
                            client.stack()
                                            .database()
                                            .number(
                                                    "select count(*) "
                                                            + jobs()
                                                            + " and s.finished_at is null")
                                    == 0);
        } catch (ConditionTimeoutException e) {
            violations.add("jobs of schedules have not ended after " + client.patience());
        }
    }

    private String jobs() {
        return "from job j join job_state s on s.job_id = j.id where j.namespace = '%s' and j.schedule_id is not null"
                .formatted(namespace);
    }

    List<String> jobIds() throws SQLException {
        return client.stack().database().column("select j.id " + jobs());
    }

    /** Lines and jobs, from the ledger itself. */
    private List<String> ofOne(int i, Instant until) throws SQLException {
        List<String> violations = new ArrayList<>();
        Database database = client.stack().database();
        String its =
                " from schedule_run r join schedule s on s.id = r.schedule_id where s.namespace = '%s' and s.name = '%s'"
                        .formatted(namespace, name(i));
        database.column(
                        "select r.verdict || ' ' || coalesce(r.cause, '') || ' of ' || r.planned_at || ', ' || r.instants || ' instants'"
                                + its
                                + " and r.verdict <> 'SUBMITTED' and not (r.verdict = 'SKIPPED' and r.cause = 'PAUSED')")
                .forEach(line -> violations.add(name(i) + ": " + line));
        List<String> created =
                database.column(
                        "select to_char(created_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') from schedule where namespace = '%s' and name = '%s'"
                                .formatted(namespace, name(i)));
        if (created.isEmpty()) {
            violations.add(name(i) + " is not there");
            return violations;
        }
        long planned = instants(second(i), period, Instant.parse(created.getFirst()), until);
        long succeeded =
                database.number(
                        "select count(distinct r.planned_at)"
                                + its
                                + " and r.planned_at <= '%s' and exists (select from job_state e where e.job_id = r.job_id and e.state = 'SUCCEEDED')"
                                        .formatted(until));
        if (planned != succeeded) {
            violations.add(
                    "%s: %d of %d instants have a job that succeeded"
                            .formatted(name(i), succeeded, planned));
        }
        return violations;
    }
}
