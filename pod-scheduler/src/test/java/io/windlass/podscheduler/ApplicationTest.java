package io.windlass.podscheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class ApplicationTest {
    @TempDir Path folder;

    private static Application read(String... args) {
        Application application = new Application();
        new CommandLine(application).parseArgs(args);
        return application;
    }

    @Test
    void shouldBeSafeByDefault() {
        Application options = read();
        assertThat(options.name).isEqualTo("pod-scheduler");
        assertThat(options.policy).isEqualTo("static");
        assertThat(options.delay).isEqualTo(10);
        assertThat(options.prometheus).isFalse();
        assertThat(options.prometheusPort).isEqualTo(8000);
        assertThat(options.leaderElect).isTrue();
        assertThat(List.of(options.daemon, options.dryRun, options.shortLabels))
                .containsOnly(false);
        assertThat(options.inCluster)
                .isEqualTo(Path.of("/var/run/secrets/kubernetes.io/serviceaccount"));
    }

    @Test
    void shouldHaveEveryOptionInItsPage() throws IOException {
        String page =
                Files.readString(
                        Path.of(
                                System.getProperty("windlass.root", ".."),
                                "docs/pod-scheduler.md"));
        new CommandLine(new Application())
                .getCommandSpec()
                .options()
                .forEach(option -> {
                    if (option.usageHelp() || option.versionHelp()) {
                        return;
                    }
                    assertThat(page).contains("`" + option.longestName() + "`");
                    Matcher variable =
                            Pattern.compile("env:([A-Z_]+)")
                                    .matcher(String.valueOf(option.defaultValue()));
                    if (variable.find()) {
                        assertThat(page)
                                .contains(
                                        "| `"
                                                + option.longestName()
                                                + "` | `"
                                                + variable.group(1)
                                                + "` |");
                    }
                });
    }

    @Test
    void shouldTakeFlagsWithAndWithoutAValue() {
        assertThat(read("--daemon").daemon).isTrue();
        assertThat(read("--leader-elect=false").leaderElect).isFalse();
        assertThat(read("-vv").verbose).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    --policy=fill | policy 'fill' is none of
                    --name=Not_A_Label | --name is part of labels
                    --delay=0 | --delay is a number of seconds above 0
                    --at-once=0 | --at-once is 1 or more
                    --prometheus-port=70000 | --prometheus-port is 0
                    --kubeconfig=/nowhere | the kubeconfig cannot be read: /nowhere
                    --no-such-option | Unknown option
                    """)
    void shouldSayHowItWasCalledWrongly(String arg, String complaint) {
        StringWriter err = new StringWriter();
        Application application = new Application();
        int code = Application.run(application, new PrintWriter(err), arg);
        assertThat(code).isEqualTo(Application.CALLED_WRONGLY);
        assertThat(err.toString()).contains(complaint);
    }

    @Test
    void shouldUseWhatAPodIsGiven() throws IOException {
        Files.writeString(folder.resolve("token"), "t\n");
        Files.writeString(folder.resolve("ca.crt"), "c");
        Files.writeString(folder.resolve("namespace"), "here");
        Access access =
                Access.of(
                        "",
                        folder,
                        Map.of(
                                "KUBERNETES_SERVICE_HOST", "10.0.0.1",
                                "KUBERNETES_SERVICE_PORT", "6443"));
        assertThat(access.namespace()).isEqualTo("here");
        assertThat(access.config().getMasterUrl()).startsWith("https://10.0.0.1:6443");
        assertThat(access.config().getOauthTokenProvider().getToken()).isEqualTo("t");
        Files.writeString(folder.resolve("token"), "another");
        assertThat(access.config().getOauthTokenProvider().getToken()).isEqualTo("another");
    }

    @Test
    void shouldSayWhatIsMissingOutsideOfACluster() {
        assertThatThrownBy(() -> Access.of("", folder, Map.of()))
                .hasMessageContaining("set KUBECONFIG");
    }
}
