package io.windlass.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Each service's user may do what its service does, and no more. */
class GrantsTest {
    private static final TestDatabase DATABASE = TestDatabase.create();
    private static final String ODD_PASSWORD = "it's \\ \"odd\"";

    private static final ServiceRole WEB =
            new ServiceRole(ServiceRole.Kind.WEB_SERVER, "the web-server", ODD_PASSWORD);
    private static final ServiceRole PROCESSOR =
            new ServiceRole(ServiceRole.Kind.MESSAGES_PROCESSOR, "the-processor", "p");
    private static final ServiceRole SCHEDULES =
            new ServiceRole(ServiceRole.Kind.SCHEDULES_PROCESSOR, "the-schedules", "p");

    private static final ServiceRole GATEWAY =
            new ServiceRole(ServiceRole.Kind.CLUSTER_GATEWAY, "the-gateway", "p");

    @BeforeAll
    static void migrateTwice() throws Exception {
        for (int i = 0; i < 2; i++) {
            Migrations.apply(DATABASE.dataSource());
            Grants.apply(DATABASE.dataSource(), List.of(WEB, PROCESSOR, SCHEDULES, GATEWAY));
            if (i == 0) {
                giveTooMuch();
            }
        }
    }

    /** As somebody might by hand: the next migration takes it away again. */
    private static void giveTooMuch() throws SQLException {
        try (Connection connection = DATABASE.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("grant all on all tables in schema public to \"the web-server\"");
            statement.execute("grant all on all tables in schema public to \"the-processor\"");
        }
    }

    private static PGSimpleDataSource as(ServiceRole role) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(DATABASE.url());
        dataSource.setUser(role.user());
        dataSource.setPassword(role.password());
        return dataSource;
    }

    private static void run(ServiceRole role, String sql) throws SQLException {
        try (Connection connection = as(role).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select * from job join job_state on job_id = id",
                "delete from job",
                "update cluster set paused = true",
                "select * from status_drift",
                "select indexrelid::regclass from pg_index where not indisvalid",
                "update job_state set desired = 'CANCEL'"
            })
    void shouldLetTheWebServerDoItsWork(String sql) {
        assertThatCode(() -> run(WEB, sql)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update job set spec = '{}'",
                "delete from job_state",
                "delete from installation",
                "insert into job_pod (job_id, attempt, pod_uid, name, guard, phase) values"
                        + " (gen_random_uuid(), 1, 'u', 'n', 1, 'Pending')",
                "update job_event set message = ''",
                "update event_feed set last_seq = 0",
                "delete from status_drift",
                "truncate job",
                "update cluster set identity = 'x'",
                "drop table outage",
                "create table mine (id int)",
                "create role another",
                "update flyway_schema_history set success = false",
                "alter table job_state disable trigger job_state_is_final"
            })
    void shouldRefuseTheWebServerMore(String sql) {
        assertThatThrownBy(() -> run(WEB, sql)).hasMessageMatching("(?s).*(denied|owner).*");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "insert into job (id) values (gen_random_uuid())",
                "insert into idempotency_key (caller) values ('x')",
                "update job set name = 'x'",
                "update job_event set message = ''",
                "update cluster set paused = false",
                "create table mine (id int)",
                "alter table job_state disable trigger job_state_is_final"
            })
    void shouldRefuseTheProcessorMore(String sql) {
        assertThatThrownBy(() -> run(PROCESSOR, sql)).hasMessageMatching("(?s).*(denied|owner).*");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "insert into log_object (key, data) values ('k', '')",
                "update log_pod set closed_at = now()",
                "update job_state set next_check_at = now()",
                "delete from log_piece",
                "delete from log_garbage"
            })
    void shouldLetTheGatewayKeepLogs(String sql) {
        assertThatCode(() -> run(GATEWAY, sql)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update job_state set state = 'FAILED'",
                "insert into job (id) values (gen_random_uuid())",
                "delete from log",
                "delete from log_pod",
                "delete from job",
                "update cluster set paused = true"
            })
    void shouldRefuseTheGatewayMore(String sql) {
        assertThatThrownBy(() -> run(GATEWAY, sql)).hasMessageMatching("(?s).*(denied|owner).*");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "insert into schedule (id) values (gen_random_uuid())",
                "delete from schedule",
                "delete from schedule_run",
                "update schedule_health set failures = 0",
                "update job_pod set phase = 'x'",
                "update cluster set paused = false",
                "insert into idempotency_key (caller) values ('x')",
                "create table mine (id int)"
            })
    void shouldRefuseTheOneOfSchedulesMore(String sql) {
        assertThatThrownBy(() -> run(SCHEDULES, sql)).hasMessageMatching("(?s).*(denied|owner).*");
    }

    @Test
    void shouldKnowAllTablesThatThereAre() throws SQLException {
        try (Connection connection = DATABASE.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet tables =
                        statement.executeQuery(
                                "select string_agg(relname, ', ' order by relname) from pg_class"
                                        + " where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace")) {
            tables.next();
            assertThat(Stream.of(ServiceRole.TABLES.split(", ")).sorted())
                    .containsExactly(tables.getString(1).split(", "));
        }
    }

    /** As an old pod meets it that is made again in the middle of an upgrade. */
    @Test
    void shouldTakeNothingAwayThatALaterVersionGave() throws Exception {
        try (TestDatabase upgraded = TestDatabase.create();
                Connection connection = upgraded.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            Migrations.apply(upgraded.dataSource());
            Grants.apply(upgraded.dataSource(), List.of(PROCESSOR));
            statement.execute("create table later (id int)");
            statement.execute("grant select on later to \"the-processor\"");
            statement.execute("grant update on job to \"the-processor\"");
            Grants.apply(upgraded.dataSource(), List.of(PROCESSOR));
            assertThat(may(statement, "later", "select")).isTrue();
            assertThat(may(statement, "job", "update")).as("of a table that it knows").isFalse();
            statement.execute("grant update on job to \"the-processor\"");
            statement.execute(
                    """
                    insert into flyway_schema_history
                    select installed_rank + 1, '29990101000000', 'later', type, 'V29990101000000__later.sql', 1,
                        installed_by, installed_on, 1, true
                    from flyway_schema_history order by installed_rank desc limit 1
                    """);
            Migrations.apply(upgraded.dataSource());
            Grants.apply(upgraded.dataSource(), List.of(PROCESSOR));
            assertThat(may(statement, "job", "update"))
                    .as("what it does not need itself, but perhaps the later one")
                    .isTrue();
        }
    }

    private static boolean may(Statement statement, String table, String what) throws SQLException {
        try (ResultSet row =
                statement.executeQuery(
                        "select has_table_privilege('the-processor', '%s', '%s')"
                                .formatted(table, what))) {
            row.next();
            return row.getBoolean(1);
        }
    }

    @Test
    void shouldLetAllSeeWhetherTheSchemaIsThere() {
        assertThat(Migrations.missing(as(PROCESSOR))).isEmpty();
        assertThat(Migrations.missing(as(WEB))).isEmpty();
        assertThat(Migrations.missing(as(SCHEDULES))).isEmpty();
        assertThat(Migrations.missing(TestDatabase.create().dataSource())).isPresent();
    }

    @Test
    void shouldTakeRolesFromTheEnvironmentOrLeaveThemAlone() {
        assertThat(ServiceRole.of(ServiceRole.Kind.WEB_SERVER, Map.of())).isEmpty();
        assertThatThrownBy(() ->
                        ServiceRole.of(
                                ServiceRole.Kind.WEB_SERVER,
                                Map.of("WINDLASS_DATABASE_WEB_SERVER_USER", "web")))
                .hasMessageContaining("WINDLASS_DATABASE_WEB_SERVER_PASSWORD");
    }
}
