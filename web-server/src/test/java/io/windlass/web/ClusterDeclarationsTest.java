package io.windlass.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.windlass.job.Decider;
import io.windlass.job.Rules;
import io.windlass.json.Json;
import io.windlass.messages.Installation;
import io.windlass.service.ByteBudget;
import io.windlass.store.Database;
import io.windlass.store.Heartbeats;
import io.windlass.store.LostJobs;
import io.windlass.store.Progressions;
import java.lang.reflect.RecordComponent;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A cluster is declared lost, and found again, through HTTP. */
class ClusterDeclarationsTest {
    private static WebServer web;

    @BeforeAll
    static void start() {
        web = new WebServer();
    }

    @AfterAll
    static void stop() {
        web.close();
    }

    private static void execute(String sql) {
        web.bean(Database.class).inTransaction(handle -> handle.execute(sql));
    }

    private static Map<String, Object> cluster() throws Exception {
        List<?> items = (List<?>) web.get("/api/v1/clusters").body().get("items");
        return Json.asObject(items.getFirst());
    }

    private static WebServer.Answer post(String call, String body) throws Exception {
        return web.post("/api/v1/clusters/" + call, body);
    }

    @Test
    void shouldRefuseUntilSilenceIsProvedThenEndJobsAndTakeItBack() throws Exception {
        Heartbeats processor = Heartbeats.on(web.bean(Database.class));
        processor.heartbeat("local", "uid");
        String body = "{\"identity\":\"uid\"}";
        WebServer.Answer alive = post("local/declare-lost", body);
        assertThat(alive.status()).isEqualTo(409);
        assertThat(alive.body().get("type").toString()).endsWith("cluster-not-lost");
        assertThat(alive.body().get("detail").toString()).contains("it answered at");
        WebServer.Answer tried = post("local/declare-lost?dryRun=true", body);
        assertThat(tried.status()).isEqualTo(200);
        assertThat(tried.body()).containsEntry("accepted", false).containsEntry("dryRun", true);
        assertThat((List<?>) tried.body().get("missing")).isNotEmpty();
        processor.heartbeat("local", null);
        execute("update cluster set heartbeat_at = clock_timestamp() - interval '5 minutes'");
        execute(
                "update cluster_asked set unknown_since = clock_timestamp() - interval '5 minutes'");
        WebServer.Answer declared = post("local/declare-lost", body);
        assertThat(declared.status()).isEqualTo(200);
        assertThat(declared.body()).containsEntry("accepted", true).containsEntry("dryRun", false);
        assertThat(declared.body().keySet()).isEqualTo(described("declareLost"));
        Map<String, Object> lost = Json.asObject(((List<?>) cluster().get("lost")).getFirst());
        assertThat(lost).containsEntry("identity", "uid").containsKey("declaredBy");
        assertThat(post("local/declare-lost", body).body().get("detail").toString())
                .contains("declared lost already");
        Installation installation = web.bean(Installation.class);
        new LostJobs(web.bean(Progressions.class), new Decider(Rules.DEFAULT, installation.id()))
                .goOn("local", 500);
        assertThat(post("local/found", "{\"identity\":\"other\"}").status()).isEqualTo(409);
        WebServer.Answer takenBack = post("local/found", body);
        assertThat(takenBack.status()).isEqualTo(200);
        assertThat(takenBack.body().keySet()).isEqualTo(described("found"));
        assertThat(processor.heartbeat("local", "uid")).isEqualTo("uid");
        Map<String, Object> found = Json.asObject(((List<?>) cluster().get("lost")).getFirst());
        assertThat(found.get("foundAt")).isNotNull();
    }

    /** The fields that the description of the API promises. */
    private static Set<String> described(String method) {
        return Arrays.stream(ClusterDeclarations.class.getDeclaredMethods())
                .filter(one -> one.getName().equals(method))
                .flatMap(one -> Arrays.stream(one.getAnnotationsByType(ApiResponse.class)))
                .filter(answer -> answer.responseCode().equals("200"))
                .map(answer -> answer.content()[0].schema().implementation())
                .flatMap(type -> Arrays.stream(type.getRecordComponents()))
                .map(RecordComponent::getName)
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @ValueSource(strings = {"declare-lost", "found"})
    void shouldCountABodyAsItComes(String call) throws Exception {
        ByteBudget budget = web.bean(ByteBudget.class);
        URI uri = web.request("/").build().uri();
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            socket.getOutputStream()
                    .write(
                            "POST /api/v1/clusters/local/%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"identity\":"
                                    .formatted(call, WebServer.TOKEN)
                                    .getBytes(StandardCharsets.US_ASCII));
            Awaitility.await().untilAsserted(() -> assertThat(budget.used()).isPositive());
        }
        Awaitility.await().untilAsserted(() -> assertThat(budget.used()).isZero());
    }

    @Test
    void shouldSayWhatIsWrongWithACall() throws Exception {
        assertThat(post("nowhere/declare-lost", "{\"identity\":\"x\"}").status()).isEqualTo(404);
        assertThat(post("nowhere/found", "{\"identity\":\"x\"}").status()).isEqualTo(404);
        for (String body : List.of("[]", "{}", "{\"identity\":7}", "{\"identity\":\"\"}")) {
            assertThat(post("local/declare-lost", body).status()).as(body).isEqualTo(422);
        }
        WebServer.Answer more = post("local/found", "{\"identity\":\"x\",\"force\":true}");
        assertThat(more.status()).isEqualTo(422);
        assertThat(more.body().toString()).contains("/force");
        assertThat(post("local/found", "").status()).isEqualTo(400);
        assertThat(post("local/declare-lost?force=true", "{\"identity\":\"x\"}").status())
                .isEqualTo(400);
    }
}
