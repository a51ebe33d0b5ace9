package io.windlass.e2e;

import io.windlass.harness.Database;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The statements of the services, as PostgreSQL itself counts them, by what they are for. */
final class StatementKinds {
    static final String WRITE = "statements: write a version";

    private static final String PREFIX = "statements: ";

    /** Those that are called because there are jobs. */
    private static final Map<String, Pattern> OF_JOBS = new LinkedHashMap<>();

    /** Those that are called again and again, whether there are jobs or not. */
    private static final Pattern OF_THE_CLOCK =
            Pattern.compile(
                    String.join(
                            "|",
                            "^(begin|commit|rollback|set|show|listen|unlisten|deallocate|discard)\\b.*",
                            "^select true$|^select \\$1$|^select clock_timestamp\\(\\)$",
                            // the sweep: who is due, read without a lock, with their pods; their
                            // lease
                            "^with wanted as .* routine as .*",
                            "^update job_state set next_check_at = \\$\\d+, look_wanted_at = case .*",
                            "^select .* from job j join job_state s .* order by j\\.id$",
                            "^select \\* from job_pod where job_id = any.*",
                            "^select count\\(\\*\\) from \\( select from job_state .*",
                            // admission
                            "^select pg_try_advisory_xact_lock.*",
                            "^select paused from cluster .*",
                            "^select coalesce\\(namespace, .* count\\(\\*\\) filter .* as jobs, .*",
                            "^with recursive namespaces .*",
                            "^select .* for update of s skip locked$",
                            // declarations that a cluster is lost
                            "^select identity, coalesce\\(found_by, declared_by\\) .*",
                            // the feed's numbers, and who waits for them
                            "^with jobs as materialized .*",
                            "^select pg_notify.*",
                            "^select feed\\.epoch, feed\\.last_seq, .*"));

    static {
        of("submit", "^with moment as .* insert into job \\(.*");
        of("claim", "^update job_state set claim_token = .* takeovers = takeovers .*");
        of("read the spec", "^select coalesce\\(j\\.spec_text, .*");
        of("write a version", "^with written as .*");
        of("move the next check", "^update job_state set next_check_at = case .*");
        of("load for a decision", "^select .* order by j\\.id for no key update of s$");
        of("write pods", "^insert into job_pod .*");
        of("note started images", "^insert into image_start .*");
        of("note ends for schedules", "^insert into schedule_health .*");
    }

    private StatementKinds() {}

    private static void of(String kind, String text) {
        OF_JOBS.put(PREFIX + kind, Pattern.compile(text));
    }

    /** PostgreSQL counts from its next start on, which is now. */
    static void countFromNowOn(Database database) throws IOException {
        try {
            run(database, "alter system set shared_preload_libraries = 'pg_stat_statements'");
            database.killAndStartAgain();
        } catch (SQLException e) {
            throw new IOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** After the migrations, which want to find nothing but their own. */
    static void forgetWhatWasCounted(Database database) throws SQLException {
        run(database, "create schema if not exists counted");
        run(database, "create extension if not exists pg_stat_statements schema counted");
        run(database, "select counted.pg_stat_statements_reset()");
    }

    private static void run(Database database, String sql) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(database.url(), "postgres", "postgres");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** How often each text was executed by anybody but the test. */
    static Map<String, Long> calls(Database database) throws SQLException {
        String sql =
                """
                select s.query, sum(s.calls) from counted.pg_stat_statements s join pg_roles r on r.oid = s.userid
                where r.rolname <> 'postgres' group by s.query
                """;
        Map<String, Long> calls = new TreeMap<>();
        try (Connection connection =
                        DriverManager.getConnection(database.url(), "postgres", "postgres");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                calls.merge(oneLine(rows.getString(1)), rows.getLong(2), Long::sum);
            }
        }
        return calls;
    }

    static String oneLine(String sql) {
        return sql.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
    }

    /**
     * A text of no known kind counts where it was called once for each job or more often; what was
     * called less often is not called because of jobs.
     */
    static Counts counts(Map<String, Long> calls, int jobs) {
        Counts counts = new Counts();
        calls.forEach((text, count) -> {
            String kind = kind(text);
            if (kind != null) {
                counts.add(kind, count);
            } else if (!isOfTheClock(text) && count >= jobs) {
                counts.add(PREFIX + text, count);
            }
        });
        return counts;
    }

    private static String kind(String text) {
        return OF_JOBS.entrySet().stream()
                .filter(kind -> kind.getValue().matcher(text).matches())
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    static boolean isOfTheClock(String text) {
        return OF_THE_CLOCK.matcher(text).matches();
    }
}
