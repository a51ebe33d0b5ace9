package io.windlass.e2e;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.windlass.json.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Namespaces where pods are not taken, each for a reason of its own. */
final class Places implements AutoCloseable {
    private static final String PASSWORD = "changeit";
    private static final String ID = UUID.randomUUID().toString().substring(0, 8);

    private final KubernetesClient client;
    private final HttpsServer webhook;
    private final List<String> made = new ArrayList<>();
    private final String small;
    private final String noJobs;
    private final String restricted;
    private final String limited;
    private final String denied;
    private final String hooked;

    Places(KubernetesClient client, String ordinary) throws Exception {
        this.client = client;
        apply("v1", "Secret", ordinary, "present", "\"stringData\":{\"k\":\"v\"}");
        applyToAll("node.k8s.io/v1", "RuntimeClass", Ways.NO_HANDLER, "\"handler\":\"nohandler\"");
        small = namespace("small", "");
        String quota = "\"spec\":{\"hard\":{\"requests.cpu\":\"500m\"}}";
        apply("v1", "ResourceQuota", small, "team", quota);
        noJobs = namespace("no-jobs", "");
        String none = "\"spec\":{\"hard\":{\"count/jobs.batch\":\"0\"}}";
        apply("v1", "ResourceQuota", noJobs, "none", none);
        restricted =
                namespace("restricted", "\"pod-security.kubernetes.io/enforce\":\"restricted\"");
        limited = namespace("limited", "");
        String most = "\"spec\":{\"limits\":[{\"type\":\"Container\",\"max\":{\"cpu\":\"100m\"}}]}";
        apply("v1", "LimitRange", limited, "most", most);
        denied = namespace("denied", "");
        policy();
        hooked = namespace("hooked", "");
        webhook = webhook();
    }

    String small() {
        return small;
    }

    String noJobs() {
        return noJobs;
    }

    String restricted() {
        return restricted;
    }

    String limited() {
        return limited;
    }

    String denied() {
        return denied;
    }

    String hooked() {
        return hooked;
    }

    private String namespace(String name, String labels) {
        String full = "e2e-" + name + "-" + ID;
        made.add(full);
        load(
                "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\""
                        + full
                        + "\",\"labels\":{"
                        + labels
                        + "}}}");
        return full;
    }

    private void apply(String version, String kind, String namespace, String name, String rest) {
        load(
                "{\"apiVersion\":\"%s\",\"kind\":\"%s\",\"metadata\":{\"name\":\"%s\",\"namespace\":\"%s\"},%s}"
                        .formatted(version, kind, name, namespace, rest));
    }

    private void applyToAll(String version, String kind, String name, String rest) {
        load(
                "{\"apiVersion\":\"%s\",\"kind\":\"%s\",\"metadata\":{\"name\":\"%s\"},%s}"
                        .formatted(version, kind, name, rest));
    }

    private void load(String json) {
        InputStream stream = new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8));
        client.load(stream).serverSideApply();
    }

    private static String selector(String namespace) {
        return "\"namespaceSelector\":{\"matchLabels\":{\"kubernetes.io/metadata.name\":\""
                + namespace
                + "\"}}";
    }

    private static final String PODS =
            "{\"apiGroups\":[\"\"],\"apiVersions\":[\"v1\"],\"operations\":[\"CREATE\"],\"resources\":[\"pods\"]}";

    private void policy() {
        applyToAll(
                "admissionregistration.k8s.io/v1",
                "ValidatingAdmissionPolicy",
                name(),
                "\"spec\":{\"matchConstraints\":{\"resourceRules\":["
                        + PODS
                        + "]},\"validations\":[{\"expression\":\"false\",\"message\":\"no pods here\"}]}");
        applyToAll(
                "admissionregistration.k8s.io/v1",
                "ValidatingAdmissionPolicyBinding",
                name(),
                "\"spec\":{\"policyName\":\""
                        + name()
                        + "\",\"validationActions\":[\"Deny\"],\"matchResources\":{"
                        + selector(denied)
                        + "}}");
    }

    private static String name() {
        return "windlass-test-" + ID;
    }

    /** A real one, over TLS, with a certificate of its own. */
    private HttpsServer webhook() throws Exception {
        Path folder = Files.createTempDirectory("windlass-webhook");
        Path store = folder.resolve("keys.p12");
        keytool(
                store,
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=webhook",
                "-ext",
                "SAN=ip:127.0.0.1");
        Path certificate = folder.resolve("cert.pem");
        keytool(store, "-exportcert", "-rfc", "-file", certificate.toString());
        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        KeyManagerFactory managers =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        HttpsServer server =
                HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext(
                "/",
                exchange -> {
                    byte[] answer = denial(exchange.getRequestBody().readAllBytes());
                    exchange.getResponseHeaders().add("Content-Type", "application/json");
                    exchange.sendResponseHeaders(200, answer.length);
                    exchange.getResponseBody().write(answer);
                    exchange.close();
                });
        server.start();
        applyToAll(
                "admissionregistration.k8s.io/v1",
                "ValidatingWebhookConfiguration",
                name(),
                "\"webhooks\":[{\"name\":\"policy.windlass.test\",\"sideEffects\":\"None\","
                        + "\"admissionReviewVersions\":[\"v1\"],\"failurePolicy\":\"Ignore\",\"rules\":["
                        + PODS.replace("\"operations\"", "\"scope\":\"*\",\"operations\"")
                        + "],"
                        + selector(hooked)
                        + ",\"clientConfig\":{\"url\":\"https://127.0.0.1:"
                        + server.getAddress().getPort()
                        + "/\",\"caBundle\":\""
                        + Base64.getEncoder().encodeToString(Files.readAllBytes(certificate))
                        + "\"}}]");
        return server;
    }

    private static byte[] denial(byte[] review) throws IOException {
        try {
            Map<String, Object> request =
                    Json.asObject(
                            Json.asObject(Json.parse(new String(review, StandardCharsets.UTF_8)))
                                    .get("request"));
            return Json.write(
                            Map.of(
                                    "apiVersion",
                                    "admission.k8s.io/v1",
                                    "kind",
                                    "AdmissionReview",
                                    "response",
                                    Map.of(
                                            "uid",
                                            request.get("uid"),
                                            "allowed",
                                            false,
                                            "status",
                                            Map.of("message", "no pods here"))))
                    .getBytes(StandardCharsets.UTF_8);
        } catch (io.windlass.json.JsonSyntaxException e) {
            throw new IOException(e);
        }
    }

    private static void keytool(Path store, String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(
                List.of(
                        "-alias",
                        "webhook",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD));
        if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
            throw new IOException(command.toString());
        }
    }

    @Override
    public void close() {
        webhook.stop(0);
        client.admissionRegistration()
                .v1()
                .validatingWebhookConfigurations()
                .withName(name())
                .delete();
        client.admissionRegistration().v1().validatingAdmissionPolicies().withName(name()).delete();
        client.admissionRegistration()
                .v1()
                .validatingAdmissionPolicyBindings()
                .withName(name())
                .delete();
        client.runtimeClasses().withName(Ways.NO_HANDLER).delete();
        made.forEach(name -> client.namespaces().withName(name).delete());
    }
}
