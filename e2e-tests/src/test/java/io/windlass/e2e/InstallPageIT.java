package io.windlass.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.harness.Deployed;
import io.windlass.harness.Figures;
import io.windlass.harness.Images;
import io.windlass.harness.InstallPage;
import io.windlass.harness.InstallPage.Step;
import io.windlass.harness.InstallShell;
import io.windlass.harness.Kubectl;
import io.windlass.harness.OutsideServices;
import io.windlass.testing.LeftOut;
import io.windlass.testing.TestCluster;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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
    private static final Path ROOT = Path.of(System.getProperty("windlass.root", ".."));
    private static final String OWN = "windlass-install";
    private static final String OUTSIDE = "windlass-install-outside";
    private static final String JOBS = "windlass-install-jobs";
    private static final String MORE_JOBS = "windlass-install-more-jobs";
    private static final Duration FIRST_JOB_LIMIT = Duration.ofMinutes(10);
    private static final String NAMESPACE =
            """
            apiVersion: v1
            kind: Namespace
            metadata: {name: %s}
            ---
            """;

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
    private static final Set<Step> RUN = new HashSet<>();
    private static Kubectl kubectl;
    private static OutsideServices outside;
    private static InstallPage page;
    private static InstallShell shell;
    private static Instant begun;

    static boolean available() {
        return Deployments.available()
                && LeftOut.unless(HELM != null, "helm (WINDLASS_TEST_HELM is not set)");
    }

    @BeforeAll
    static void start() throws Exception {
        kubectl = new Kubectl(TestCluster.tool().orElseThrow(), OWN);
        removed();
        page = InstallPage.of(ROOT);
        String tag = "install-" + Instant.now().toEpochMilli();
        Images.ofThisBuild().tag(tag);
        kubectl.apply(NAMESPACE.formatted(OUTSIDE));
        outside = new OutsideServices(new Kubectl(kubectl.tool(), OUTSIDE), folder);
        outside.start();
        outside.putPrograms();
        InstallShell.program(folder, "helm", "#!/bin/sh\nexec " + Path.of(HELM).toAbsolutePath() + " \"$@\"\n");
        InstallShell.program(
                folder,
                "kubectl",
                """
                #!/usr/bin/env bash
                case "$*" in
                # its block ends it; where that fails it ends by itself
                *port-forward*) exec timeout 240 TOOL kubectl "$@" ;;
                *) exec TOOL kubectl "$@" ;;
                esac
                """
                        .replace("TOOL", kubectl.tool().toAbsolutePath().toString()));
        Path kubeconfig = TestCluster.kubeconfig().orElseThrow();
        shell =
                new InstallShell(
                        ROOT,
                        folder,
                        variables(tag),
                        Map.of("KUBECONFIG", kubeconfig.toAbsolutePath().toString()));
        shell.expectVariablesOf(page);
    }

    private static Map<String, String> variables(String tag) throws IOException {
        Map<String, String> variables = new TreeMap<>();
        variables.put("IMAGE_REGISTRY", "");
        variables.put("IMAGE_TAG", tag);
        variables.put("NAMESPACE", OWN);
        variables.put("JOB_NAMESPACES", JOBS + " " + MORE_JOBS);
        variables.put("INSTALL_FOLDER", folder.resolve("kept").toString());
        variables.put("PGHOST", outside.host());
        variables.put("PGPORT", "5432");
        variables.put("PGUSER", OutsideServices.ADMINISTRATOR);
        variables.put("PGPASSWORD", OutsideServices.PASSWORD);
        variables.put("PGSSLMODE", "verify-full");
        variables.put("PGSSLROOTCERT", outside.certificate().toString());
        variables.put("DATABASE", "windlass");
        variables.put("DATABASE_OWNER", "windlass");
        variables.put("DATABASE_OWNER_PASSWORD", "of-the-owner");
        variables.put("QUEUE_REGION", "elasticmq");
        variables.put("QUEUE_ENDPOINT", outside.queue());
        variables.put("QUEUE_ACCESS_KEY_ID", "any");
        variables.put("QUEUE_SECRET_ACCESS_KEY", "any");
        try (ServerSocket free = new ServerSocket(0)) {
            variables.put("LOCAL_PORT", Integer.toString(free.getLocalPort()));
        }
        return variables;
    }

    @AfterAll
    static void stop() throws Exception {
        Figures.print();
        if (System.getenv("WINDLASS_TEST_KEEP") == null) {
            removed();
        }
    }

    /** Of this run, and of one that was broken off. */
    private static void removed() throws Exception {
        for (String namespace : List.of(OWN, JOBS, MORE_JOBS, OUTSIDE)) {
            new Kubectl(kubectl.tool(), namespace).deleteNow(NAMESPACE.formatted(namespace));
        }
        kubectl.run(
                "delete",
                "--ignore-not-found",
                "clusterrole/" + OWN + "-windlass-messages-processor",
                "clusterrolebinding/" + OWN + "-windlass-messages-processor");
    }

    private static String run(Step step) throws Exception {
        RUN.add(step);
        try {
            return shell.run(step);
        } catch (IOException e) {
            throw new IOException(e.getMessage() + "\n" + state(), e);
        }
    }

    private static String run(String title) throws Exception {
        StringBuilder said = new StringBuilder();
        for (Step step : page.section(title)) {
            said.append(run(step));
        }
        return said.toString();
    }

    /** For whoever has to find out why it failed. */
    private static String state() {
        StringBuilder state = new StringBuilder();
        for (String[] question :
                List.of(
                        new String[] {"get", "pods", "-o", "wide"},
                        new String[] {"get", "events", "--sort-by=.lastTimestamp"},
                        new String[] {
                            "logs",
                            "deployment/windlass-web-server",
                            "--all-containers",
                            "--tail=15"
                        })) {
            try {
                state.append(kubectl.run(question)).append('\n');
            } catch (IOException e) {
                state.append(e.getMessage()).append('\n');
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return state.toString();
    }

    private static String there(String kinds) throws Exception {
        return kubectl.run(
                "get", kinds, "-l", "app.kubernetes.io/part-of=windlass", "-o", "name");
    }

    private static long jobs() throws Exception {
        return Long.parseLong(outside.sql("windlass", "select count(*) from job"));
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
                [{"op": "remove", "path": "/data/schedules-processor"}, {"op": "remove", "path": "/data/cluster-gateway"}]""");
        Step install = page.section("Install").getFirst();
        assertThatThrownBy(() -> shell.run(install))
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
        assertThat(outside.sql("postgres", connections.formatted("ssl")))
                .as("connections by TLS")
                .isNotEqualTo("0");
        assertThat(outside.sql("postgres", connections.formatted("not ssl")))
                .as("connections without")
                .isEqualTo("0");
        assertThat(outside.sql("postgres", "select rolsuper from pg_roles where rolname = 'windlass'"))
                .as("the owner is a superuser")
                .isEqualTo("f");
    }

    @Test
    @Order(3)
    void shouldSayInOneLineThatTheCertificateOfTheDatabaseIsNotTrusted() throws Exception {
        Kubectl there = outside.kubectl();
        there.run("create", "configmap", "other-ca", "--from-file=ca.crt=" + outside.otherCertificate());
        there.apply(
                WITH_ANOTHER_AUTHORITY.formatted(
                        OUTSIDE, shell.variables().get("IMAGE_TAG"), outside.host()));
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
        String installation = outside.sql("windlass", "select id from installation");
        run("Backup");
        run("First job");
        assertThat(jobs()).as("one of them after the backup").isEqualTo(2);
        Instant restoring = Instant.now();
        run("Restore");
        Figures.put("the install page: a restore, until all is rolled out", restoring);
        assertThat(jobs()).isEqualTo(1);
        assertThat(outside.sql("windlass", "select id from installation")).isEqualTo(installation);
        assertThat(run("First job")).contains("\"state\":\"SUCCEEDED\"");
    }

    @Test
    @Order(5)
    void shouldBeUpgraded() throws Exception {
        String token = run("Token");
        String next = shell.variables().get("IMAGE_TAG") + "-next";
        Images.ofThisBuild().tag(next);
        Map<String, String> variables = new TreeMap<>(shell.variables());
        variables.put("IMAGE_TAG", next);
        shell = new InstallShell(ROOT, folder, variables, shell.environment());
        run("Upgrade");
        assertThat(new Deployed(kubectl, null, JOBS).awaitReady()).isLessThan(Deployed.READY);
        assertThat(
                        kubectl.run(
                                "get",
                                "deployments",
                                "-o",
                                "jsonpath={.items[*].spec.template.spec.containers[*].image}"))
                .contains("windlass/web-server:" + next)
                .doesNotContain(":" + next.replace("-next", "") + " ");
        assertThat(run("Token")).isEqualTo(token);
        assertThat(run("First job")).contains("\"state\":\"SUCCEEDED\"");
    }

    @Test
    @Order(6)
    void shouldGoAndLeaveWhatThePageSays() throws Exception {
        List<Step> uninstall = page.section("Uninstall");
        run(uninstall.getFirst());
        assertThat(there("deployments,services,configmaps,serviceaccounts")).isEmpty();
        assertThat(kubectl.run("get", "secrets", "-o", "name").lines())
                .contains(
                        "secret/windlass-installation",
                        "secret/windlass-api",
                        "secret/windlass-database",
                        "secret/windlass-queue");
        assertThat(jobs()).isPositive();
        run(uninstall.getLast());
        assertThat(kubectl.run("get", "namespace", OWN, "--ignore-not-found")).isEmpty();
        assertThat(outside.sql("postgres", "select count(*) from pg_roles where rolname like 'windlass%'"))
                .isEqualTo("0");
        assertThat(outside.sql("postgres", "select count(*) from pg_database where datname like 'windlass%'"))
                .isEqualTo("0");
        // as for another cluster
        run("Namespaces");
        kubectl.run("apply", "-f", folder.resolve("kept/secrets.yaml").toString());
        assertThat(kubectl.run("get", "secrets", "-o", "name").lines()).hasSize(4);
        assertThat(RUN).as("all blocks of the page").containsAll(page.steps());
    }
}
