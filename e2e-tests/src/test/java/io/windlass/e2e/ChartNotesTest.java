package io.windlass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.harness.Commands;
import io.windlass.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code helm install} tells its user to do next. */
@EnabledIf("io.windlass.e2e.RenderedChart#available")
class ChartNotesTest {
    /** Answers as a cluster would, and shows what is called. */
    private static final String PROGRAMS =
            """
            kubectl() {
              case "$*" in
              *WINDLASS_API_TOKEN*) echo c2VjcmV0 ;;
              *nodePort*) echo 30123 ;;
              *addresses*) echo 192.0.2.1 ;;
              *loadBalancer*) echo 192.0.2.2 ;;
              esac
            }
            curl() { printf '%s\\n' "$@"; }
            """;

    @TempDir private Path folder;

    private static String notes(String... settings) throws Exception {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                RenderedChart.HELM,
                                "install",
                                "w",
                                RenderedChart.CHART.toString(),
                                "--dry-run=client",
                                "-n",
                                "own"));
        command.addAll(List.of(settings));
        String said = Commands.run(RenderedChart.ROOT, Map.of(), command);
        return said.substring(said.indexOf("NOTES:\n") + "NOTES:\n".length());
    }

    /** What its commands call, as a shell runs them. */
    private List<String> calls(String notes) throws Exception {
        StringBuilder script = new StringBuilder(PROGRAMS);
        notes.lines()
                .filter(line -> line.startsWith("  "))
                .forEach(l -> script.append(l).append('\n'));
        Path file = Files.writeString(folder.resolve("notes.sh"), script);
        return Commands.run(folder, Map.of(), List.of("bash", "-euo", "pipefail", file.toString()))
                .lines()
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "webServer.service.type=ClusterIP, http://127.0.0.1:8080",
        "webServer.service.type=NodePort, http://192.0.2.1:30123",
        "webServer.service.type=LoadBalancer, http://192.0.2.2",
        "'webServer.service.type=LoadBalancer,webServer.service.port=81', http://192.0.2.2:81",
        "'webServer.ingress.enabled=true,webServer.ingress.hosts={jobs.example.com}', http://jobs.example.com",
        "'webServer.ingress.enabled=true,webServer.ingress.hosts={jobs.example.com},webServer.ingress.tls[0].secretName=tls', https://jobs.example.com"
    })
    void shouldTellTheAddressTheTokenAndAFirstJob(String settings, String address)
            throws Exception {
        List<String> calls =
                calls(notes("--set", settings, "--set", "targetNamespaces={team-a,b}"));
        assertThat(calls)
                .contains("Authorization: Bearer secret")
                .contains(address + "/api/v1/jobs");
        String all = String.join("\n", calls);
        String job = all.substring(all.indexOf("-d\n{") + 3, all.indexOf("}}\n") + 2);
        assertThat(Json.object(job)).containsEntry("namespace", "team-a").containsKey("podSpec");
    }

    @Test
    void shouldListTheKeysOfASecretOfTheUsers() throws Exception {
        assertThat(
                        notes(
                                "--set",
                                "database.url=jdbc:postgresql://db/windlass,database.existingSecret=passwords"))
                .contains(
                        "Secret passwords, under owner, web-server, messages-processor, schedules-processor, cluster-gateway.")
                .doesNotContain("The database runs in this release");
        assertThat(notes())
                .contains("The database runs in this release")
                .doesNotContain("under owner");
    }
}
