package io.windlass.cluster;

import static io.windlass.cluster.StubApiServer.HTML;
import static io.windlass.cluster.StubApiServer.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.windlass.job.Input.Refusal;
import io.windlass.job.JobId;
import io.windlass.job.Look;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an API server answers is read by its reason and what it is about, not by its number. */
class ApiAnswersTest {
    private static final String JOBS = "/apis/batch/v1/namespaces/team/jobs";
    private static final String JOB = JOBS + "/j";
    private static final String PODS = "/api/v1/namespaces/team/pods";
    private static final String SYSTEM = "/api/v1/namespaces/kube-system";
    private static final String NOT_FOUND =
            status(404, "NotFound", "jobs", "j", "jobs.batch \"j\" not found");
    private static final String NOT_CALLED =
            "Internal error occurred: failed calling webhook \"x.example\": failed to call webhook: Post"
                    + " \"https://x.team.svc:443/?timeout=10s\": context deadline exceeded";
    private static final JobId ID = JobId.at(1_800_000_000_000L, new Random(1));

    private StubApiServer server;
    private KubernetesCluster cluster;

    @BeforeEach
    void open() throws IOException {
        server = new StubApiServer();
        cluster = new KubernetesCluster(server.client(), UUID.randomUUID(), List.of());
    }

    @AfterEach
    void close() {
        server.close();
    }

    private Cluster.Creation created(int code, String body) {
        server.answer("POST " + JOBS, code, body);
        return cluster.create("team", Map.of("kind", "Job", "metadata", Map.of("name", "j")));
    }

    static Stream<Arguments> refusals() {
        String denied = "admission webhook \"x.example\" denied the request: not like this";
        String policy =
                "jobs.batch \"j\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no";
        return Stream.of(
                arguments(400, status(400, "", "", "", denied), Refusal.REJECTED_BY_POLICY),
                arguments(
                        403, status(403, "Forbidden", "", "", denied), Refusal.REJECTED_BY_POLICY),
                arguments(404, status(404, "NotFound", "", "", denied), Refusal.REJECTED_BY_POLICY),
                arguments(409, status(409, "Conflict", "", "", denied), Refusal.REJECTED_BY_POLICY),
                arguments(500, status(500, "", "", "", denied), Refusal.REJECTED_BY_POLICY),
                arguments(
                        422,
                        status(422, "Invalid", "jobs", "j", policy),
                        Refusal.REJECTED_BY_POLICY),
                arguments(
                        400,
                        status(400, "BadRequest", "", "", "strict decoding error: unknown field"),
                        Refusal.SPEC_INVALID),
                arguments(
                        422,
                        status(422, "Invalid", "Job", "j", "Job.batch \"j\" is invalid: spec"),
                        Refusal.SPEC_INVALID),
                arguments(
                        404,
                        status(
                                404,
                                "NotFound",
                                "namespaces",
                                "team",
                                "namespaces \"team\" not found"),
                        Refusal.NAMESPACE_MISSING),
                arguments(401, status(401, "Unauthorized", "", "", "no"), Refusal.FORBIDDEN),
                arguments(403, status(403, "Forbidden", "jobs", "j", "no"), Refusal.FORBIDDEN),
                arguments(403, HTML, Refusal.FORBIDDEN));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void shouldTakeItForARefusalWhereTheApiServerSaysSo(int code, String body, Refusal why) {
        assertThat(created(code, body))
                .isInstanceOfSatisfying(
                        Cluster.Creation.Refused.class, no -> assertThat(no.why()).isEqualTo(why));
    }

    static Stream<Arguments> notMade() {
        String quota = "Operation cannot be fulfilled on resourcequotas \"gke\": modified";
        return Stream.of(
                arguments(500, status(500, "InternalError", "", "", NOT_CALLED), 2),
                arguments(409, status(409, "Conflict", "resourcequotas", "gke", quota), 1),
                arguments(409, status(409, "AlreadyExists", "secrets", "s", "exists"), 1),
                arguments(400, HTML, 2),
                arguments(404, HTML, 2),
                arguments(404, status(404, "NotFound", "services", "hook", "not found"), 2),
                arguments(422, HTML, 2),
                arguments(422, status(422, "Invalid", "Secret", "s", "is invalid"), 2),
                arguments(429, HTML, 2));
    }

    @ParameterizedTest
    @MethodSource("notMade")
    void shouldTryAgainSoonWhereNothingWasMadeAndTheJobIsNotAtFault(
            int code, String body, int seconds) {
        assertThat(created(code, body))
                .isInstanceOfSatisfying(
                        Cluster.Creation.NotMade.class,
                        not -> assertThat(not.retryAfter()).isEqualTo(Duration.ofSeconds(seconds)));
    }

    @ParameterizedTest
    @ValueSource(ints = {409, 408, 500, 502, 503, 504})
    void shouldNotKnowWhetherItWasMadeWhereSomethingElseAnswers(int code) {
        assertThat(created(code, HTML)).isInstanceOf(Cluster.Creation.Unknown.class);
    }

    @Test
    void shouldBelieveOnlyTheApiServerThatAWebhookWasNotCalled() {
        assertThat(created(500, NOT_CALLED)).isInstanceOf(Cluster.Creation.Unknown.class);
        assertThat(created(500, status(500, "InternalError", "", "", "etcdserver: timed out")))
                .isInstanceOf(Cluster.Creation.Unknown.class);
    }

    @Test
    void shouldAdoptOnlyWhatExistsAlready() {
        String exists =
                status(409, "AlreadyExists", "jobs", "j", "jobs.batch \"j\" already exists");
        assertThat(created(409, exists)).isEqualTo(new Cluster.Creation.Exists());
    }

    private static String jobs(String items) {
        return "{\"kind\":\"JobList\",\"apiVersion\":\"batch/v1\",\"metadata\":{},\"items\":["
                + items
                + "]}";
    }

    private static String job() {
        return "{\"kind\":\"Job\",\"apiVersion\":\"batch/v1\",\"metadata\":{\"name\":\"j\",\"namespace\":\"team\",\"uid\":\"u\"}}";
    }

    @Test
    void shouldSeeThatAJobIsGoneWhereItIsNotFoundAndInNoList() {
        server.answer("GET " + JOB, 404, NOT_FOUND).answer("GET " + JOBS, 200, jobs(""));
        assertThat(cluster.look("team", "j", ID)).isEqualTo(Look.NOTHING);
    }

    @Test
    void shouldBelieveAListMoreThanThatAJobIsNotFound() {
        server.answer("GET " + JOB, 404, NOT_FOUND)
                .answer("GET " + JOBS, 200, jobs(job()))
                .answer(
                        "GET " + PODS,
                        200,
                        "{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"items\":[]}")
                .answer(
                        "GET /api/v1/namespaces/team/events",
                        200,
                        "{\"kind\":\"EventList\",\"apiVersion\":\"v1\",\"items\":[]}");
        assertThat(cluster.look("team", "j", ID).job()).isNotNull();
    }

    static Stream<Arguments> notAboutThisJob() {
        return Stream.of(
                arguments(404, HTML),
                arguments(404, status(404, "", "", "", "404 page not found")),
                arguments(404, status(404, "NotFound", "services", "j", "no")),
                arguments(404, status(404, "NotFound", "jobs", "another", "no")),
                arguments(409, HTML),
                arguments(502, HTML));
    }

    @ParameterizedTest
    @MethodSource("notAboutThisJob")
    void shouldTakeTheClusterForAwayWhereAnythingElseIsAnswered(int code, String body) {
        server.answer("GET " + JOBS, 200, jobs(""));
        for (String method : List.of("GET ", "DELETE ", "PATCH ")) {
            server.answer(method + JOB, code, body);
        }
        assertThatThrownBy(() -> cluster.look("team", "j", ID))
                .isInstanceOf(ClusterAwayException.class);
        assertThatThrownBy(() -> cluster.delete("team", "j", "u"))
                .isInstanceOf(ClusterAwayException.class);
        assertThatThrownBy(() -> cluster.remove("team", "j", "u"))
                .isInstanceOf(ClusterAwayException.class);
        assertThatThrownBy(() -> cluster.suspend("team", "j", "u"))
                .isInstanceOf(ClusterAwayException.class);
    }

    @Test
    void shouldTakeTheClusterForAwayWhereTheListIsNotFoundEither() {
        server.answer("GET " + JOB, 404, NOT_FOUND).answer("GET " + JOBS, 404, HTML);
        assertThatThrownBy(() -> cluster.look("team", "j", ID))
                .isInstanceOf(ClusterAwayException.class);
    }

    @Test
    void shouldFindNothingToDeleteWhereItIsGoneOrAnotherHasTheName() {
        server.answer("GET " + JOB, 404, NOT_FOUND);
        server.answer("DELETE " + JOB, 404, NOT_FOUND).answer("PATCH " + JOB, 404, NOT_FOUND);
        assertThat(cluster.delete("team", "j", "u")).isTrue();
        assertThat(cluster.remove("team", "j", "u")).isTrue();
        assertThat(cluster.suspend("team", "j", "u")).isTrue();
        // as Kubernetes 1.36 says it: the kind, and not the resource
        String other =
                "Operation cannot be fulfilled on Job.batch \"j\": the UID in the precondition (u) does not match"
                        + " the UID in record (v). The object might have been deleted and then recreated";
        server.answer("DELETE " + JOB, 409, status(409, "Conflict", "Job", "j", other));
        assertThat(cluster.delete("team", "j", "u")).isTrue();
    }

    @Test
    void shouldHaveNoIdentityWhereTheApiServerSaysThatThereIsNone() {
        String none =
                status(
                        404,
                        "NotFound",
                        "namespaces",
                        "kube-system",
                        "namespaces \"kube-system\" not found");
        server.answer("GET " + SYSTEM, 404, none);
        assertThat(cluster.identity()).isEmpty();
        server.answer("GET " + SYSTEM, 404, HTML);
        assertThatThrownBy(cluster::identity).isInstanceOf(ClusterAwayException.class);
    }
}
