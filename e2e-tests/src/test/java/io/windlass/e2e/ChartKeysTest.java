package io.windlass.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.harness.Commands;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** What the chart wants to find in the cluster before it installs anything. */
@EnabledIf("io.windlass.e2e.RenderedChart#available")
class ChartKeysTest {
    private static final List<String> SECRETS_OF_THE_USER =
            List.of(
                    "database.url=jdbc:postgresql://db/windlass",
                    "database.existingSecret=passwords",
                    "queue.region=eu-central-1",
                    "queue.existingSecret=aws");

    private ClusterOfSecrets cluster;
    @TempDir private Path folder;

    @BeforeEach
    void start() throws Exception {
        cluster = new ClusterOfSecrets();
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private String helm(List<String> settings, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(RenderedChart.HELM));
        command.addAll(List.of(words));
        command.addAll(List.of("w", RenderedChart.CHART.toString(), "-n", "own"));
        command.addAll(List.of("--set", String.join(",", settings)));
        return Commands.run(
                RenderedChart.ROOT,
                Map.of("KUBECONFIG", cluster.kubeconfig(folder).toString()),
                command);
    }

    @Test
    void shouldNameEachKeyThatIsMissingAndInstallNothing() throws Exception {
        cluster.secret("own", "passwords", "owner", "web-server", "messages-processor");
        cluster.secret("own", "aws", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");
        assertThatThrownBy(() -> helm(SECRETS_OF_THE_USER, "install"))
                .hasMessageContaining(
                        "Secret passwords (database.existingSecret) lacks schedules-processor, cluster-gateway")
                .hasMessageContaining("Nothing was installed")
                .hasMessageNotContaining("Secret aws");
        assertThat(cluster.writes()).isEmpty();
    }

    @Test
    void shouldNameEachSecretThatIsMissing() {
        assertThatThrownBy(() -> helm(SECRETS_OF_THE_USER, "install"))
                .hasMessageContaining(
                        "no Secret passwords (database.existingSecret) with owner, web-server, messages-processor, schedules-processor, cluster-gateway")
                .hasMessageContaining(
                        "no Secret aws (queue.existingSecret) with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY");
        assertThat(cluster.writes()).isEmpty();
    }

    /** The next that helm asks for are the kinds of what was rendered; this cluster knows few. */
    @Test
    void shouldGoOnWhereAllKeysAreThere() {
        cluster.secret(
                "own",
                "passwords",
                "owner",
                "web-server",
                "messages-processor",
                "schedules-processor",
                "cluster-gateway");
        cluster.secret("own", "aws", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");
        assertThatThrownBy(() -> helm(SECRETS_OF_THE_USER, "install"))
                .hasMessageContaining("unable to build kubernetes objects")
                .hasMessageNotContaining("Nothing was installed");
    }

    @Test
    void shouldWantTheAuthoritiesThatAreNamedToBeThere() throws Exception {
        cluster.configMap("own", "authorities", "other.pem");
        assertThatThrownBy(() -> helm(List.of("caBundle.configMap=authorities"), "install"))
                .hasMessageContaining("ConfigMap authorities (caBundle.configMap) lacks ca.crt");
        assertThatThrownBy(() -> helm(List.of("caBundle.secret=authorities"), "install"))
                .hasMessageContaining("no Secret authorities (caBundle.secret) with ca.crt");
    }

    /** As tools do that render a chart before they know the cluster. */
    @Test
    void shouldSayNothingWhereNoClusterIsAsked() throws Exception {
        assertThat(helm(SECRETS_OF_THE_USER, "template")).contains("name: passwords");
        assertThat(helm(SECRETS_OF_THE_USER, "install", "--dry-run=client"))
                .contains("name: passwords");
        assertThat(cluster.writes()).isEmpty();
    }
}
