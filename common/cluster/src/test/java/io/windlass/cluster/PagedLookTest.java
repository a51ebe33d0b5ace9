package io.windlass.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.job.JobId;
import io.windlass.job.Look;
import io.windlass.job.PodSeen;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A job with thousands of pods is looked at page by page, and never as a whole. */
class PagedLookTest {
    private static final String JOB = "/apis/batch/v1/namespaces/team/jobs/j";
    private static final String PODS = "/api/v1/namespaces/team/pods";
    private static final JobId ID = JobId.at(1_800_000_000_000L, new Random(1));

    private final AtomicLong held = new AtomicLong();
    private final AtomicLong highest = new AtomicLong();
    private StubApiServer server;

    @BeforeEach
    void open() throws IOException {
        server = new StubApiServer();
        server.answer(
                "GET " + JOB,
                200,
                "{\"metadata\":{\"name\":\"j\",\"uid\":\"u\"},\"status\":{\"active\":1}}");
        server.answer(
                "GET /api/v1/namespaces/team/events",
                200,
                "{\"kind\":\"EventList\",\"apiVersion\":\"v1\",\"metadata\":{},\"items\":[]}");
    }

    @AfterEach
    void close() {
        server.close();
    }

    private Room counting() {
        return bytes -> {
            highest.accumulateAndGet(held.addAndGet(bytes), Math::max);
            return () -> held.addAndGet(-bytes);
        };
    }

    private KubernetesCluster cluster() {
        return new KubernetesCluster(server.client(), UUID.randomUUID(), List.of(), counting());
    }

    private static String page(int from, int to, String next) {
        return page(from, to, next, "Succeeded", "u", "7");
    }

    private static String page(
            int from, int to, String next, String phase, String jobUid, String version) {
        String pods =
                IntStream.range(from, to)
                        .mapToObj(n ->
                                """
                                {"metadata":{"name":"p%1$d","namespace":"team","uid":"u%1$d","ownerReferences":[
                                   {"apiVersion":"batch/v1","kind":"Job","name":"j","uid":"%2$s","controller":true}]},
                                 "status":{"phase":"%3$s"}}
                                """
                                        .formatted(n, jobUid, phase))
                        .collect(Collectors.joining(","));
        return """
        {"kind":"PodList","apiVersion":"v1",
         "metadata":{"continue":"%s","resourceVersion":"%s"},"items":[%s]}
        """
                .formatted(next, version, pods);
    }

    @Test
    void shouldReadThePodsOfAJobPageByPage() {
        server.answer("GET " + PODS, 200, page(0, 20, "two"))
                .answer("GET " + PODS + "?continue=two", 200, page(20, 120, "three"))
                .answer("GET " + PODS + "?continue=three", 200, page(120, 150, ""));
        Look look = cluster().look("team", "j", ID);
        assertThat(look.pods())
                .extracting(PodSeen::uid)
                .containsExactlyElementsOf(IntStream.range(0, 150).mapToObj(n -> "u" + n).toList());
        assertThat(server.queries())
                .filteredOn(query -> query.startsWith(PODS))
                .allMatch(query -> query.contains("limit="))
                .hasSize(3);
        assertThat(highest.get()).as("of one page at a time").isBetween(1L, 100L << 16);
        assertThat(held.get()).isZero();
    }

    /** All that there are, of all jobs, are kept at once: their texts are not. */
    @Test
    void shouldKeepOfAListOnlyWhatIsCompared() {
        String job =
                """
                {"metadata":{"name":"j","namespace":"team","uid":"u","labels":{"windlass.io/job-id":"%s"}},"status":{}}
                """
                        .formatted(ID);
        String pod =
                """
                {"metadata":{"name":"p","namespace":"team","uid":"u1","resourceVersion":"6",
                   "labels":{"windlass.io/job-id":"%s"},"ownerReferences":[
                   {"apiVersion":"batch/v1","kind":"Job","name":"j","uid":"u","controller":true}]},
                 "status":{"phase":"Failed","message":"long","containerStatuses":[{"name":"main","image":"i","state":
                   {"terminated":{"exitCode":1,"message":"long","startedAt":"2026-01-01T00:00:00Z"}}}]}}
                """
                        .formatted(ID);
        String list =
                "{\"kind\":\"%sList\",\"apiVersion\":\"%s\",\"metadata\":{\"resourceVersion\":\"7\"},\"items\":[%s]}";
        server.answer("GET /apis/batch/v1/jobs", 200, list.formatted("Job", "batch/v1", job))
                .answer("GET /api/v1/pods", 200, list.formatted("Pod", "v1", pod));
        assertThat(cluster().lookAtAll().get(ID).pods())
                .singleElement()
                .satisfies(seen -> {
                    assertThat(seen.over()).isTrue();
                    assertThat(seen.guard()).isEqualTo(6);
                    assertThat(seen.startedAt()).isPresent();
                    assertThat(seen.toString()).doesNotContain("long");
                });
    }

    @Test
    void shouldGiveBackItsRoomWhereAPageCannotBeRead() {
        server.answer("GET " + PODS, 200, page(0, 20, "two"))
                .answer("GET " + PODS + "?continue=two", 503, StubApiServer.HTML);
        KubernetesCluster cluster = cluster();
        assertThatThrownBy(() -> cluster.look("team", "j", ID))
                .isInstanceOf(ClusterAwayException.class);
        assertThat(held.get()).isZero();
    }

    @Test
    void shouldBeAsOldAsItsFirstPage() {
        server.answer("GET " + PODS, 200, page(0, 20, "two", "Succeeded", "u", "41"))
                .answer(
                        "GET " + PODS + "?continue=two",
                        200,
                        page(20, 30, "", "Succeeded", "u", "43"));
        assertThat(cluster().look("team", "j", ID).version()).isEqualTo(41);
    }

    @Test
    void shouldAskForEventsOfTheJobWhereOnlyForeignPodsLive() {
        String events = "/api/v1/namespaces/team/events?fieldSelector=involvedObject.uid=u";
        server.answer("GET " + PODS, 200, page(0, 20, "two"))
                .answer(
                        "GET " + PODS + "?continue=two",
                        200,
                        page(20, 30, "", "Running", "another", "7"));
        Look look = cluster().look("team", "j", ID);
        assertThat(look.pods()).hasSize(30);
        assertThat(server.queries()).contains(events);
        server.answer("GET " + PODS + "?continue=two", 200, page(20, 30, "", "Running", "u", "7"));
        server.queries().clear();
        cluster().look("team", "j", ID);
        assertThat(server.queries()).doesNotContain(events);
    }

    @Test
    void shouldEndThePodsThatMayRunOnWhateverPageTheyAre() {
        server.answer("GET " + PODS, 200, page(0, 20, "two"))
                .answer("GET " + PODS + "?continue=two", 200, page(20, 22, "", "Running", "u", "7"))
                .answer("DELETE " + PODS + "/p20", 200, "{}")
                .answer("DELETE " + PODS + "/p21", 200, "{}");
        cluster().endPods("team", ID, "u", Duration.ofSeconds(30));
        assertThat(server.queries())
                .filteredOn(query -> query.startsWith(PODS + "/"))
                .containsExactly(PODS + "/p20?null", PODS + "/p21?null");
        assertThat(highest.get()).as("of one page at a time").isBetween(1L, 100L << 16);
        assertThat(held.get()).isZero();
    }
}
