package io.windlass.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.tuple;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.windlass.job.JobId;
import io.windlass.json.Json;
import io.windlass.store.LogClaims;
import io.windlass.store.LogShelf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which answers of an API server, and how many of them, say that a node gives no logs. */
class NodesWithoutLogsTest {
    private static final String NODE = "kwok-node-3";

    /** As recorded of kwok 0.7.0. */
    private static final String RECORDED =
            "Get \"https://127.0.0.1:10247/containerLogs/%s/%s/main?timestamps=true\": tls: failed to verify"
                    + " certificate: x509: certificate signed by unknown authority";

    private long now;
    private final NodesWithoutLogs without = new NodesWithoutLogs(() -> now);
    private int pods;
    private HttpServer server;
    private KubernetesClient client;
    private KubeletLogs kubelet;
    private volatile int status;
    private volatile String says = RECORDED;
    private volatile int asked;

    @BeforeEach
    void serve() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    asked++;
                    String[] path = exchange.getRequestURI().getPath().split("/");
                    byte[] body =
                            status == 200
                                    ? "2026-01-01T00:00:00Z hello\n"
                                            .getBytes(StandardCharsets.UTF_8)
                                    : Json.write(
                                                    Map.of(
                                                            "kind",
                                                            "Status",
                                                            "code",
                                                            status,
                                                            "message",
                                                            says.formatted(path[4], path[6])))
                                            .getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(status, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.start();
        client =
                new KubernetesClientBuilder()
                        .withConfig(
                                new ConfigBuilder()
                                        .withMasterUrl(
                                                "http://127.0.0.1:" + server.getAddress().getPort())
                                        .withRequestRetryBackoffLimit(0)
                                        .build())
                        .build();
        kubelet = new KubeletLogs(client);
    }

    @AfterEach
    void stop() {
        kubelet.close();
        client.close();
        server.stop(0);
    }

    private static JobId job() {
        return new JobId(UUID.randomUUID());
    }

    /** What comes of asking for the log of another pod of this job. */
    private Throwable asking(JobId job, String node) {
        String pod = "pod-" + pods++ + "-x7f";
        LogClaims.PodOfJob of = new LogClaims.PodOfJob(job, pod, "local", "team-" + pods, pod);
        return catchThrowable(() ->
                new PodLogs(kubelet, node, of, without)
                        .open(
                                new NodeLogs.Source(of.namespace(), pod, "main", false),
                                new NodeLogs.Part.End(1))
                        .close());
    }

    private Throwable asking(JobId job) {
        return asking(job, NODE);
    }

    private void after(Duration time) {
        now += time.toNanos();
    }

    private void threeJobsApart() {
        asking(job());
        after(Duration.ofMinutes(1));
        asking(job());
        after(Duration.ofMinutes(1));
        asking(job());
    }

    @Test
    void shouldKnowANodeThatRefusedThreeJobsAlikeForTwoMinutes() {
        status = 500;
        asking(job());
        asking(job());
        asking(job());
        assertThat(without.isOne(NODE)).as("for no time yet").isFalse();
        after(Duration.ofSeconds(119));
        assertThat(asking(job())).isInstanceOf(NodeLogs.RefusedException.class);
        after(Duration.ofSeconds(1));
        assertThat(asking(job()))
                .isInstanceOf(NodeLogs.NoneException.class)
                .hasMessageStartingWith(
                        "node kwok-node-3 gives no logs: 500: Get \"https://127.0.0.1:10247/")
                .hasMessageEndingWith("certificate signed by unknown authority");
        assertThat(without.isOne(NODE)).isTrue();
        assertThat(without.isOne("kwok-node-4")).isFalse();
        assertThat(asking(job(), "kwok-node-4")).isInstanceOf(NodeLogs.RefusedException.class);
    }

    @Test
    void shouldTellPeopleNothingOfPodsAndAddresses() {
        status = 500;
        threeJobsApart();
        assertThat(without.told())
                .extracting(LogShelf.NodeWithoutLogs::node, LogShelf.NodeWithoutLogs::answer)
                .containsExactly(
                        tuple(
                                NODE,
                                "500: Get \"<address>\": tls: failed to verify certificate: x#: certificate"
                                        + " signed by unknown authority"));
    }

    @Test
    void shouldNotBelieveOneJobHoweverManyPodsItHas() {
        status = 500;
        JobId one = job();
        for (int i = 0; i < 1_000; i++) {
            after(Duration.ofSeconds(1));
            assertThat(asking(one)).isInstanceOf(NodeLogs.RefusedException.class);
        }
        asking(job());
        assertThat(without.isOne(NODE)).isFalse();
    }

    @Test
    void shouldNotBelieveANodeThatHasEverGivenALog() {
        status = 200;
        assertThat(asking(job())).isNull();
        status = 500;
        threeJobsApart();
        threeJobsApart();
        assertThat(without.isOne(NODE)).isFalse();
    }

    @Test
    void shouldLiftItWithTheFirstLog() {
        status = 500;
        threeJobsApart();
        assertThat(without.isOne(NODE)).isTrue();
        status = 200;
        assertThat(asking(job())).isNull();
        assertThat(without.isOne(NODE)).isFalse();
        assertThat(without.told()).isEmpty();
    }

    @Test
    void shouldWaitForANodeThatAnswersOtherwiseThanBefore() {
        status = 500;
        threeJobsApart();
        says =
                "Get \"https://127.0.0.1:10247/containerLogs/%s/%s/main\": dial tcp 127.0.0.1:10247: connect: connection refused";
        assertThat(asking(job())).isInstanceOf(NodeLogs.RefusedException.class);
    }

    @Test
    void shouldNotAddUpShortOutagesThatLieFarApart() {
        status = 500;
        asking(job());
        asking(job());
        after(Duration.ofMinutes(11));
        asking(job());
        assertThat(without.isOne(NODE)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"400", "401", "403", "404", "429"})
    void shouldNotBlameANodeForWhatIsNotItsOwn(int answer) {
        status = answer;
        threeJobsApart();
        threeJobsApart();
        assertThat(without.isOne(NODE)).isFalse();
    }

    @Test
    void shouldNotBlameANodeForOurOwnConnection() {
        server.stop(0);
        threeJobsApart();
        threeJobsApart();
        assertThat(without.isOne(NODE)).isFalse();
    }

    /** As kubelets that start, and clusters that cannot reach their nodes, answer for long. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Get \"https://10.0.0.7:10250/containerLogs/%s/%s/main\": remote error: tls: internal error",
                "Get \"https://10.0.0.7:10250/containerLogs/%s/%s/main\": dial tcp 10.0.0.7:10250: connect: connection refused",
                "Get \"https://[fd00::7]:10250/containerLogs/%s/%s/main\": dial tcp [fd00::7]:10250: i/o timeout",
                "Get \"https://10.0.0.7:10250/containerLogs/%s/%s/main\": No agent available"
            })
    void shouldKnowAnAnswerAgainWhateverPodItIsAbout(String answer) {
        says = answer;
        status = 502;
        threeJobsApart();
        assertThat(without.isOne(NODE)).isTrue();
        asked = 0;
        assertThat(asking(job())).isInstanceOf(NodeLogs.NoneException.class);
        assertThat(asked).isEqualTo(1);
    }

    @Test
    void shouldKnowOnlySoManyAnswersOfANode() {
        status = 500;
        for (int i = 0; i < 100; i++) {
            says = "trouble " + "x".repeat(i + 1);
            asking(job());
        }
        after(Duration.ofMinutes(2));
        asking(job());
        assertThat(without.known()).as("of no answer often enough").isEmpty();
    }
}
