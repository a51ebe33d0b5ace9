package io.windlass.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.harness.InstallPage.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The blocks of the install page, run with programs that only note how they are called. */
class InstallPageTest {
    private static final Path ROOT = Path.of(System.getProperty("windlass.root", ".."));

    private static final String PROGRAM = "(helm|psql|pg_dump|pg_restore|kubectl|curl)";

    /** Its words, and what comes in. */
    private static final String NOTES =
            """
            #!/usr/bin/env bash
            { echo "$(basename "$0") $*"; cat; } >>"$NOTES"
            """;

    private static final String KUBECTL =
            """
            #!/usr/bin/env bash
            case "$*" in
            *port-forward*) exec sleep 60 ;;
            *jsonpath*) echo dG9rZW4= ;;
            'get namespace team-b') exit 1 ;;
            *'get secret'*) printf '    uid: 1\\n    name: windlass-api\\n' ;;
            *) { echo "kubectl $*"; cat; } >>"$NOTES" ;;
            esac
            """;

    private static final String CURL =
            """
            #!/usr/bin/env bash
            { echo "curl $*"; cat; } >>"$NOTES"
            echo '{"id":"0199","name":"first","state":"SUCCEEDED"}'
            """;

    @TempDir private Path folder;
    private InstallPage page;
    private InstallShell shell;

    @BeforeEach
    void start() throws Exception {
        page = InstallPage.of(ROOT);
        Path programs = Files.createDirectory(folder.resolve("bin"));
        for (String name : List.of("helm", "psql", "pg_dump", "pg_restore")) {
            InstallShell.program(programs, name, NOTES);
        }
        InstallShell.program(programs, "kubectl", KUBECTL);
        InstallShell.program(programs, "curl", CURL);
        Map<String, String> variables = new HashMap<>();
        page.exported().forEach(name -> variables.put(name, "the-" + name));
        variables.put("JOB_NAMESPACES", "team-a team-b");
        variables.put("INSTALL_FOLDER", folder.resolve("kept").toString());
        variables.put("IMAGE_REGISTRY", "registry.example.com/");
        variables.put("QUEUE_ENDPOINT", "");
        shell =
                new InstallShell(
                        ROOT,
                        programs,
                        variables,
                        Map.of("NOTES", folder.resolve("notes").toString()));
    }

    private String noted(String title) throws Exception {
        Path notes = folder.resolve("notes");
        Files.writeString(notes, "");
        for (Step step : page.section(title)) {
            shell.run(step);
        }
        return Files.readString(notes);
    }

    @Test
    void shouldHaveItsStepsInTheirOrder() {
        assertThat(page.steps().stream().map(Step::title).distinct())
                .containsExactly(
                        "Namespaces",
                        "Database",
                        "Secrets",
                        "Install",
                        "Token",
                        "First job",
                        "Backup",
                        "Restore",
                        "Upgrade",
                        "Uninstall");
        assertThat(page.variables()).contains("make images");
        assertThat(page.exported()).contains("IMAGE_REGISTRY", "IMAGE_TAG", "PGHOST", "PGPORT");
        shell.expectVariablesOf(page);
    }

    @Test
    void shouldNeedNothingButWhatTheFirstBlockExports() throws Exception {
        noted("Install");
        for (Step step : page.steps()) {
            shell.run(step);
        }
    }

    @Test
    void shouldMakeTheNamespacesThatAreNotThere() throws Exception {
        assertThat(noted("Namespaces"))
                .contains("kind: Namespace", "name: the-NAMESPACE", "enforce: restricted")
                .contains("kubectl create namespace team-b")
                .doesNotContain("create namespace team-a");
    }

    @Test
    void shouldMakeASecretWithAllFiveKeys() throws Exception {
        assertThat(noted("Secrets"))
                .contains(
                        "secret generic windlass-database --from-env-file=/dev/stdin\nowner=the-DATABASE_OWNER_PASSWORD\n")
                .containsPattern("\nweb-server=[0-9a-f]{48}\n")
                .containsPattern("\nmessages-processor=[0-9a-f]{48}\n")
                .containsPattern("\nschedules-processor=[0-9a-f]{48}\n")
                .containsPattern("\ncluster-gateway=[0-9a-f]{48}\n");
    }

    /** Other users of the machine could read it there. */
    @Test
    void shouldSetNoSecretOnACommandLine() throws Exception {
        for (String title : List.of("Database", "Secrets", "Install", "First job", "Backup")) {
            assertThat(noted(title).lines().filter(line -> line.matches(PROGRAM + " .*")))
                    .as(title)
                    .isNotEmpty()
                    .noneMatch(line -> line.contains("_PASSWORD"))
                    .noneMatch(line -> line.contains("_KEY"))
                    .noneMatch(line -> line.contains("Bearer"));
        }
    }

    @Test
    void shouldWriteTheValuesAndInstall() throws Exception {
        assertThat(noted("Install"))
                .contains("helm install windlass charts/windlass --namespace the-NAMESPACE")
                .contains("--set-string image.tag=the-IMAGE_TAG")
                .contains("rollout status deployment");
        assertThat(folder.resolve("kept/values.yaml"))
                .content()
                .contains("image: {registry: \"registry.example.com/\"}")
                .contains("targetNamespaces: [team-a, team-b]")
                .contains(
                        "url: jdbc:postgresql://the-PGHOST:the-PGPORT/the-DATABASE?sslmode=verify-full\n");
        assertThat(Files.getPosixFilePermissions(folder.resolve("kept"))).hasSize(3);
    }

    @Test
    void shouldWaitForTheFirstJobThroughTheForwardedPort() throws Exception {
        assertThat(noted("First job"))
                .contains("\nAuthorization: Bearer token\n")
                .contains("\"namespace\": \"team-a\"")
                .contains("http://127.0.0.1:the-LOCAL_PORT/api/v1/jobs/0199?wait=60s");
    }

    @Test
    void shouldStopAllWhoWriteBeforeADumpIsRestored() throws Exception {
        noted("Install");
        assertThat(noted("Backup")).contains("pg_dump").contains("--no-privileges");
        assertThat(folder.resolve("kept/backup/secrets.yaml"))
                .hasContent("    name: windlass-api\n---\n    name: windlass-api\n");
        assertThat(Files.getPosixFilePermissions(folder.resolve("kept/backup/secrets.yaml")))
                .hasSize(2);
        String restore = noted("Restore");
        assertThat(restore)
                .contains(
                        "app.kubernetes.io/name in (web-server,messages-processor,schedules-processor,cluster-gateway) --replicas 0")
                .containsSubsequence(
                        "pg_restore --list",
                        "--replicas 0",
                        "create database",
                        "pg_restore --exit-on-error",
                        "alter database",
                        "--replicas 2");
    }

    @Test
    void shouldReplaceNothingByADumpThatCannotBeRestored() throws Exception {
        noted("Install");
        noted("Backup");
        InstallShell.program(
                folder.resolve("bin"),
                "pg_restore",
                "#!/bin/sh\n[ \"$1\" = --list ] || { echo full >&2; exit 1; }\n");
        assertThatThrownBy(() -> noted("Restore")).hasMessageContaining("full");
        assertThat(folder.resolve("notes"))
                .content()
                .contains("create database")
                .doesNotContain("alter database", "--replicas 2");
        InstallShell.program(folder.resolve("bin"), "pg_restore", "#!/bin/sh\nexit 1\n");
        assertThatThrownBy(() -> noted("Restore")).hasMessageContaining("exit code 1");
        assertThat(folder.resolve("notes")).content().as("it cannot even be read").isEmpty();
    }

    @Test
    void shouldKeepTheBackupOfBeforeWhereTheNextIsNotComplete() throws Exception {
        noted("Install");
        noted("Backup");
        Path before = folder.resolve("kept/backup").toRealPath();
        InstallShell.program(folder.resolve("bin"), "pg_dump", "#!/bin/sh\nexit 1\n");
        InstallShell.program(folder.resolve("bin"), "date", "#!/bin/sh\necho 20990101000000\n");
        assertThatThrownBy(() -> noted("Backup")).hasMessageContaining("exit code 1");
        assertThat(folder.resolve("kept/backup").toRealPath()).isEqualTo(before);
    }

    @Test
    void shouldSayWhichBlockFailed() throws IOException {
        InstallShell.program(folder.resolve("bin"), "helm", "#!/bin/sh\necho broken >&2; exit 3\n");
        assertThatThrownBy(() -> noted("Upgrade"))
                .hasMessageContaining("\"Upgrade\" of the install page")
                .hasMessageContaining("helm upgrade windlass")
                .hasMessageContaining("exit code 3")
                .hasMessageContaining("broken");
    }
}
