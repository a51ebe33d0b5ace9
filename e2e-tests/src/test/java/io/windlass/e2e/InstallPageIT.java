package io.windlass.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.harness.Deployed;
import io.windlass.harness.Figures;
import io.windlass.harness.InstallPage.Step;
import io.windlass.harness.Kubectl;
import io.windlass.harness.OutsideServices;
import io.windlass.testing.LeftOut;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * The install page of {@code docs/operations.md}: its first block is replaced, all others are run
 * as they are, on an empty cluster beside which there are a PostgreSQL and an ElasticMQ.
 */
@EnabledIf("available")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class InstallPageIT {
    private static final String HELM = System.getenv("WINDLASS_TEST_HELM");
    private static final Duration FIRST_JOB_LIMIT = Duration.ofMinutes(10);
    private static final String WITH_ANOTHER_AUTHORITY =
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: wrong-authority, namespace: %1$s}
            spec:
              restartPolicy: Never
              terminationGracePeriodSeconds: 1
              nodeSelector: {type: real}
              containers:
                - name: migrations
                  image: windlass/migrations:%2$s
                  env:
                    - {name: WINDLASS_DATABASE_URL, value: "jdbc:postgresql://%3$s:5432/windlass?sslmode=verify-full&sslrootcert=/ca/ca.crt"}
                    - {name: WINDLASS_DATABASE_USER, value: windlass}
                    - {name: WINDLASS_DATABASE_PASSWORD, value: of-the-owner}
                  volumeMounts: [{name: ca, mountPath: /ca}]
              volumes: [{name: ca, configMap: {name: other-ca}}]
            """;

    @TempDir private static Path folder;
    private static InstalledByPage installed;
    private static Kubectl kubectl;
    private static Instant begun;

    static boolean available() {
        return Deployments.available()
                && LeftOut.unless(HELM != null, "helm (WINDLASS_TEST_HELM is not set)");
    }

    @BeforeAll
    static void start() throws Exception {
        installed = new InstalledByPage(HELM, folder);
        kubectl = installed.kubectl();
        installed.begin();
    }

    @AfterAll
    static void stop() throws Exception {
        Figures.print();
        if (installed != null && System.getenv("WINDLASS_TEST_KEEP") == null) {
            installed.remove();
        }
    }

    private static String run(String title) throws Exception {
        return installed.run(title);
    }

    private static String sql(String database, String statement) throws Exception {
        return installed.outside().sql(database, statement);
    }

    private static String there(String kinds) throws Exception {
        return kubectl.run("get", kinds, "-l", "app.kubernetes.io/part-of=windlass", "-o", "name");
    }

    private static long jobs() throws Exception {
        return Long.parseLong(sql("windlass", "select count(*) from job"));
    }

    @Test
    @Order(1)
    void shouldNameTheKeysThatAreMissingAndInstallNothing() throws Exception {
        begun = Instant.now();
        run("Namespaces");
        run("Database");
        run("Secrets");
        kubectl.run(
                "patch",
                "secret",
                "windlass-database",
                "--type=json",
                "-p",
                """
                [{"op": "remove", "path": "/data/schedules-processor"}, {"op": "remove", "path": "/data/cluster-gateway"}]\
                """);
        assertThatThrownBy(() -> run("Install"))
                .hasMessageContaining(
                        "Secret windlass-database (database.existingSecret) lacks schedules-processor, cluster-gateway");
        assertThat(there("deployments,services,configmaps,serviceaccounts,secrets")).isEmpty();
        assertThat(kubectl.run("get", "secrets", "-o", "name"))
                .as("no release either")
                .doesNotContain("helm");
        kubectl.run("delete", "secret", "windlass-database", "windlass-queue");
        kubectl.run("delete", "configmap", "windlass-ca");
    }

    @Test
    @Order(2)
    void shouldInstallAndRunAFirstJob() throws Exception {
        run("Secrets");
        Instant installing = Instant.now();
        run("Install");
        Figures.put("the install page: `helm install`, until all is rolled out", installing);
        assertThat(run("Token")).hasSizeGreaterThanOrEqualTo(40);
        assertThat(run("First job")).contains("\"state\":\"SUCCEEDED\"");
        Duration took =
                Figures.put(
                        "the install page: namespaces, database and Secrets (twice), install, to the end of the first job",
                        begun);
        assertThat(took).isLessThan(FIRST_JOB_LIMIT);
        assertThat(jobs()).isEqualTo(1);
        String connections =
                "select count(*) filter (where %s) from pg_stat_ssl join pg_stat_activity using (pid) where usename like 'windlass%%'";
        assertThat(sql("postgres", connections.formatted("ssl")))
                .as("connections by TLS")
                .isNotEqualTo("0");
        assertThat(sql("postgres", connections.formatted("not ssl")))
                .as("connections without")
                .isEqualTo("0");
        assertThat(sql("postgres", "select rolsuper from pg_roles where rolname = 'windlass'"))
                .as("the owner is a superuser")
                .isEqualTo("f");
    }

    @Test
    @Order(3)
    void shouldSayInOneLineThatTheCertificateOfTheDatabaseIsNotTrusted() throws Exception {
        OutsideServices outside = installed.outside();
        Kubectl there = outside.kubectl();
        there.run(
                "create",
                "configmap",
                "other-ca",
                "--from-file=ca.crt=" + outside.otherCertificate());
        there.apply(
                WITH_ANOTHER_AUTHORITY.formatted(
                        InstalledByPage.OUTSIDE, installed.tag(), outside.host()));
        there.run(
                "wait",
                "--for=jsonpath={.status.phase}=Failed",
                "--timeout=2m",
                "pod/wrong-authority");
        assertThat(there.run("logs", "wrong-authority").strip().lines().toList())
                .singleElement()
                .asString()
                .contains(
                        "no connection to jdbc:postgresql://" + outside.host(),
                        "sslrootcert has to name a file");
        there.run("delete", "pod", "wrong-authority");
    }

    @Test
    @Order(4)
    void shouldBringBackWhatWasBackedUp() throws Exception {
        String installation = sql("windlass", "select id from installation");
        run("Backup");
        run("First job");
        assertThat(jobs()).as("one of them after the backup").isEqualTo(2);
        Instant restoring = Instant.now();
        run("Restore");
        Figures.put("the install page: a restore, until all is rolled out", restoring);
        assertThat(jobs()).isEqualTo(1);
        assertThat(sql("windlass", "select id from installation")).isEqualTo(installation);
        assertThat(run("First job")).contains("\"state\":\"SUCCEEDED\"");
    }

    @Test
    @Order(5)
    void shouldBeUpgraded() throws Exception {
        String token = run("Token");
        String earlier = installed.tag();
        String next = earlier + "-next";
        installed.changeTag(next);
        run("Upgrade");
        assertThat(new Deployed(kubectl, null, InstalledByPage.JOBS).awaitReady())
                .isLessThan(Deployed.READY);
        assertThat(
                        kubectl.run(
                                "get",
                                "deployments",
                                "-o",
                                "jsonpath={.items[*].spec.template.spec.containers[*].image}"))
                .contains("windlass/web-server:" + next)
                .doesNotContain(":" + earlier + " ");
        assertThat(run("Token")).isEqualTo(token);
        assertThat(run("First job")).contains("\"state\":\"SUCCEEDED\"");
    }

    @Test
    @Order(6)
    void shouldGoAndLeaveWhatThePageSays() throws Exception {
        List<Step> uninstall = installed.section("Uninstall");
        installed.run(uninstall.getFirst());
        assertThat(there("deployments,services,configmaps,serviceaccounts")).isEmpty();
        assertThat(kubectl.run("get", "secrets", "-o", "name").lines())
                .contains(
                        "secret/windlass-installation",
                        "secret/windlass-api",
                        "secret/windlass-database",
                        "secret/windlass-queue");
        assertThat(jobs()).isPositive();
        installed.run(uninstall.getLast());
        assertThat(kubectl.run("get", "namespace", InstalledByPage.OWN, "--ignore-not-found"))
                .isEmpty();
        assertThat(sql("postgres", "select count(*) from pg_roles where rolname like 'windlass%'"))
                .isEqualTo("0");
        assertThat(
                        sql(
                                "postgres",
                                "select count(*) from pg_database where datname like 'windlass%'"))
                .isEqualTo("0");
        // as for another cluster
        run("Namespaces");
        kubectl.run("apply", "-f", installed.kept("backup/secrets.yaml").toString());
        assertThat(kubectl.run("get", "secrets", "-o", "name").lines()).hasSize(4);
        assertThat(installed.hasRunAll()).as("all blocks of the page were run").isTrue();
    }
}
