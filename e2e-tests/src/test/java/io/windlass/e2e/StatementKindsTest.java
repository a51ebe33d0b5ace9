package io.windlass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.harness.Database;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class StatementKindsTest {
    private static final String CLAIM =
            "update job_state set claim_token = $1, claim_until = clock_timestamp() + cast($2 as interval), "
                    + "takeovers = takeovers + case when claim_token is null then $3 else $4 end where job_id = $5";
    private static final String LEASE =
            "with wanted as ( select job_id from job_state where x ), routine as ( select job_id from job_state where y ) "
                    + "update job_state set next_check_at = $1, look_wanted_at = case when z then $2 end where job_id in ( w )";
    private static final String LOAD = "select j.* from job j join job_state s on x order by j.id";

    @Test
    void shouldCountByWhatAStatementIsFor() {
        Counts counts =
                StatementKinds.counts(
                        Map.of(
                                CLAIM,
                                3L,
                                LEASE,
                                90L,
                                LOAD,
                                90L,
                                LOAD + " for no key update of s",
                                7L,
                                "update job_state set next_check_at = case when x then y end",
                                2L),
                        50);

        assertThat(counts.all())
                .isEqualTo(
                        Map.of(
                                "statements: claim", 3L,
                                "statements: load for a decision", 7L,
                                "statements: move the next check", 2L));
    }

    @Test
    void shouldCountAnUnknownStatementThatIsCalledForEachJob() {
        assertThat(StatementKinds.counts(Map.of("select 1 from job", 50L), 50).all())
                .isEqualTo(Map.of("statements: select 1 from job", 50L));
        assertThat(StatementKinds.counts(Map.of("select 1 from job", 49L), 50).all()).isEmpty();
    }

    @Test
    @Tag("slow")
    void shouldCountEachStatementOfABatchAndNoneOfTheTests() throws Exception {
        try (Database database = new Database()) {
            StatementKinds.countFromNowOn(database);
            try (Connection admin =
                            DriverManager.getConnection(database.url(), "postgres", "postgres");
                    Statement statement = admin.createStatement()) {
                statement.execute("create table probe (n integer)");
                statement.execute("create role \"web-server\" login password 'postgres'");
                statement.execute("grant all on probe to \"web-server\"");
            }
            StatementKinds.forgetWhatWasCounted(database);
            try (Connection service =
                            DriverManager.getConnection(database.url(), "web-server", "postgres");
                    PreparedStatement update =
                            service.prepareStatement("update  probe\n set n = ? where n = ?")) {
                for (int i = 0; i < 3; i++) {
                    update.setInt(1, i);
                    update.setInt(2, i);
                    update.addBatch();
                }
                update.executeBatch();
            }
            database.number("select count(*) from probe");

            assertThat(StatementKinds.calls(database))
                    .containsEntry("update probe set n = $1 where n = $2", 3L)
                    .doesNotContainKey("select count(*) from probe");
        }
    }
}
