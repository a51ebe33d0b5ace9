package io.windlass.e2e;

import io.windlass.harness.AuditLog;
import io.windlass.harness.Database;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compares what clients were told, what the feed and the tables say, what the API server did, and
 * what is left in the cluster. Whatever does not fit together is a violation.
 */
final class HistoryChecker {
    private final Observed observed;
    private final Database database;
    private final AuditLog audit;
    private final String installation;
    private final List<String> violations = new ArrayList<>();
    private final Map<String, Row> rows = new HashMap<>();

    /** A job as the database has it in the end. */
    record Row(
            String state,
            String reason,
            Integer exitCode,
            boolean mayHaveRun,
            boolean settled,
            int version,
            boolean started,
            String uid) {}

    HistoryChecker(Observed observed, Database database, AuditLog audit, String installation) {
        this.installation = installation;
        this.observed = observed;
        this.database = database;
        this.audit = audit;
    }

    List<String> check() throws SQLException {
        violations.addAll(observed.violations());
        readRows();
        noAcceptedJobIsLost();
        oneJobPerKey();
        answersOnlyMoveForward();
        theFeedIsTheHistory();
        everyEndIsTrue();
        atMostOneJobWasMadePerAttempt();
        onlyOursWereDeleted();
        return violations;
    }

    private void expect(boolean holds, String otherwise, Object... values) {
        if (!holds) {
            violations.add(otherwise.formatted(values));
        }
    }

    private void readRows() throws SQLException {
        String sql =
                """
                select concat_ws('|', s.job_id, s.state, coalesce(s.reason, ''), coalesce(s.exit_code::text, ''),
                    coalesce(s.may_have_run, false), s.settled, s.version,
                    exists (select from job_pod p where p.job_id = s.job_id and p.started_at is not null),
                    coalesce(s.kubernetes_uid, '')) from job_state s
                """;
        for (String line : database.column(sql)) {
            String[] f = line.split("\\|", -1);
            boolean known = f.length == 9;
            expect(known, "a row is not whole: %s", line);
            if (known) {
                rows.put(
                        f[0],
                        new Row(
                                f[1],
                                f[2],
                                f[3].isEmpty() ? null : Integer.valueOf(f[3]),
                                f[4].equals("t"),
                                f[5].equals("t"),
                                Integer.parseInt(f[6]),
                                f[7].equals("t"),
                                f[8]));
            }
        }
    }

    private void noAcceptedJobIsLost() {
        for (Observed.Accepted job : observed.accepted()) {
            Row row = rows.get(job.jobId());
            expect(row != null, "accepted job %s has no row", job.jobId());
            expect(
                    row == null || row.settled(),
                    "accepted job %s (%s) has not come to its end: %s",
                    job.jobId(),
                    job.meant().kind(),
                    row);
        }
    }

    private void oneJobPerKey() {
        Map<String, String> byKey = new HashMap<>();
        for (Observed.Accepted job : observed.accepted()) {
            String first = byKey.putIfAbsent(job.meant().key(), job.jobId());
            expect(
                    first == null || first.equals(job.jobId()),
                    "key %s made two jobs: %s and %s",
                    job.meant().key(),
                    first,
                    job.jobId());
        }
    }

    private static boolean terminal(String state) {
        return Set.of("SUCCEEDED", "FAILED", "CANCELLED").contains(state);
    }

    private void answersOnlyMoveForward() {
        Map<String, Integer> versions = new HashMap<>();
        Map<String, String> ends = new HashMap<>();
        for (Observed.Answer answer : observed.answers()) {
            String reader = answer.client() + " of " + answer.jobId();
            Integer before = versions.put(reader, answer.version());
            expect(
                    before == null || before <= answer.version(),
                    "client %s was told version %s after %s",
                    reader,
                    answer.version(),
                    before);
            if (terminal(answer.state())) {
                String end = answer.state() + " " + answer.reason();
                String first = ends.putIfAbsent(answer.jobId(), end);
                expect(
                        first == null || first.equals(end),
                        "job %s ended twice: %s, then %s",
                        answer.jobId(),
                        first,
                        end);
            }
        }
    }

    private void theFeedIsTheHistory() throws SQLException {
        Map<String, Integer> versions = new HashMap<>();
        Map<String, String> states = new HashMap<>();
        for (Observed.Event event : observed.feed()) {
            int expected = versions.getOrDefault(event.jobId(), 0) + 1;
            expect(
                    event.version() == expected,
                    "the feed gave version %s of job %s where %s was next",
                    event.version(),
                    event.jobId(),
                    expected);
            versions.put(event.jobId(), event.version());
            String before = states.put(event.jobId(), event.to());
            expect(
                    before == null || !terminal(before) || before.equals(event.to()),
                    "job %s was %s and then %s",
                    event.jobId(),
                    before,
                    event.to());
        }
        rows.forEach((id, row) -> {
            expect(
                    row.version() == versions.getOrDefault(id, 0),
                    "job %s is at version %s, the feed at %s",
                    id,
                    row.version(),
                    versions.get(id));
            expect(
                    row.state().equals(states.get(id)),
                    "job %s is %s, the feed says %s",
                    id,
                    row.state(),
                    states.get(id));
        });
        expect(
                database.number("select count(*) from job_event")
                        == database.number(
                                "select coalesce(max(seq), 0) from job_event where seq is not null"),
                "the numbers of the feed have gaps");
    }

    private void everyEndIsTrue() {
        Set<String> cancelAsked = new HashSet<>(observed.cancelAsked());
        for (Observed.Accepted job : observed.accepted()) {
            Row row = rows.get(job.jobId());
            if (row == null) {
                continue;
            }
            String end = row.state() + " " + row.reason();
            if (job.meant().kind().onARealNode()
                    && end.equals("FAILED CONTAINER_CANNOT_START")
                    && !row.started()) {
                // the kubelet that was killed had failed to start it: so it was, and so it is told
                continue;
            }
            boolean fits =
                    switch (job.meant().kind()) {
                        case GOOD, GOOD_ON_A_REAL_NODE -> end.equals("SUCCEEDED ");
                        case EXIT_CODE ->
                                end.equals("FAILED EXIT_CODE")
                                        && row.exitCode() != null
                                        && row.exitCode() == job.meant().exitCode();
                        case NO_IMAGE -> end.equals("FAILED IMAGE_NOT_FOUND");
                        case NO_SECRET -> end.equals("FAILED CONFIG_MISSING");
                        case CANCELLED, CANCELLED_AT_ONCE ->
                                end.equals("CANCELLED ") && cancelAsked.contains(job.jobId());
                    };
            expect(fits, "job %s was meant %s and is %s", job.jobId(), job.meant(), row);
            expect(
                    row.mayHaveRun() || !row.started(),
                    "job %s did start, and says that it cannot have run",
                    job.jobId());
            boolean neverRuns =
                    job.meant().kind() == Load.Kind.NO_IMAGE
                            || job.meant().kind() == Load.Kind.NO_SECRET;
            expect(!neverRuns || !row.started(), "job %s started, how?", job.jobId());
        }
    }

    private void atMostOneJobWasMadePerAttempt() {
        audit.uidsByAttempt()
                .forEach((attempt, uids) ->
                        expect(uids.size() == 1, "attempt %s was made %s times", attempt, uids));
        for (AuditLog.Create create : audit.creates()) {
            Row row = create.jobId() == null ? null : rows.get(create.jobId());
            expect(
                    row == null || create.uid().equals(row.uid()),
                    "Job %s has uid %s, its row %s",
                    create.name(),
                    create.uid(),
                    row);
        }
    }

    private void onlyOursWereDeleted() {
        Map<String, String> owners = new HashMap<>();
        audit.creates().forEach(create -> owners.put(create.uid(), create.installation()));
        // the line of a create is lost where the API server was killed before it wrote it
        rows.values().forEach(row -> owners.putIfAbsent(row.uid(), installation));
        for (AuditLog.Delete delete : audit.deletes()) {
            boolean ours =
                    delete.uidAsked() != null
                            && (installation.equals(delete.installation())
                                    || installation.equals(owners.get(delete.uidAsked())));
            expect(
                    !delete.done() || ours,
                    "a Job was deleted that is not provably ours: %s",
                    delete);
        }
    }
}
