package io.windlass.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.harness.Deployed;
import io.windlass.harness.Images;
import io.windlass.harness.Kubectl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** {@code minikube/pod-scheduler/} beside a deployed Windlass, as its README uses it. */
final class DeployedPodScheduler {
    private static final String LABEL = "rf.scheduler.pod-scheduler.default/web-";

    private final Kubectl kubectl;
    private final Deployed deployed;
    private final Path folder;
    private final String example;
    private final Images images;

    DeployedPodScheduler(Path root, Kubectl kubectl, Deployed deployed, Images images)
            throws IOException, InterruptedException {
        this.kubectl = kubectl;
        this.deployed = deployed;
        this.images = images;
        this.folder = root.resolve("minikube/pod-scheduler");
        this.example = Files.readString(folder.resolve("example.yaml"));
        kubectl.apply(images.in(Files.readString(folder.resolve("pod-scheduler.yaml"))));
        kubectl.run("rollout", "status", "deployment/pod-scheduler", "--timeout=180s");
    }

    void hasItsRightsAndNoMore() throws Exception {
        Set<String> everywhere = new TreeSet<>();
        for (String resource :
                Set.of("nodes", "pods", "persistentvolumeclaims", "persistentvolumes")) {
            for (String verb : Set.of("get", "list", "watch")) {
                everywhere.add(verb + " " + resource);
            }
        }
        everywhere.addAll(
                Set.of(
                        "create pods/binding",
                        "patch pods/status",
                        "create events",
                        "patch events"));
        assertThat(Rights.of(kubectl, "pod-scheduler", "default")).isEqualTo(everywhere);
        Set<String> atHome = new TreeSet<>(everywhere);
        atHome.addAll(
                Set.of("create leases", "get leases pod-scheduler", "update leases pod-scheduler"));
        assertThat(Rights.of(kubectl, "pod-scheduler", "windlass")).isEqualTo(atHome);
    }

    void placesTheExampleAsLabelled() throws Exception {
        label("node-1", "web-0");
        label("kwok-0", "web-1");
        kubectl.apply(example);
        await().untilAsserted(() -> {
            assertThat(of("web-0", "{.spec.nodeName} {.status.phase}")).isEqualTo("node-1 Running");
            assertThat(why("web-1")).contains("kwok-0: node(s) had untolerated taint");
            assertThat(of("web-2", "{.spec.nodeName}"))
                    .as("the only node that takes it")
                    .isEqualTo("node-1");
        });
        kubectl.run("label", "node", "kwok-0", LABEL + "1-");
        label("node-1", "web-1");
        await().untilAsserted(() ->
                assertThat(of("web-1", "{.spec.nodeName} {.status.phase}"))
                        .isEqualTo("node-1 Running"));
    }

    void runsAJobThatNamesIt() throws Exception {
        Map<String, Object> job = deployed.job("named", "true");
        job.put("schedulerName", "pod-scheduler");
        String id = deployed.submit(job);
        assertThat(deployed.awaitEnd(id)).containsEntry("state", "SUCCEEDED");
        assertThat(
                        kubectl.run(
                                "get",
                                "events",
                                "-n",
                                "default",
                                "--field-selector=reason=Scheduled,source=pod-scheduler",
                                "-o",
                                "jsonpath={.items[*].involvedObject.name}"))
                .contains("named");
    }

    /** In the cluster as well: a pod that ends once all is placed. */
    void doesOnePass() throws Exception {
        String pods =
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: placed-once, namespace: default}
                spec:
                  schedulerName: once
                  restartPolicy: Never
                  terminationGracePeriodSeconds: 1
                  containers: [{name: main, image: "busybox:1.36", command: ["true"]}]
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: one-pass, namespace: windlass}
                spec:
                  serviceAccountName: pod-scheduler
                  restartPolicy: Never
                  securityContext:
                    {runAsNonRoot: true, runAsUser: 10001, seccompProfile: {type: RuntimeDefault}}
                  containers:
                    - name: main
                      image: %s
                      env: [{name: SCHED_NAME, value: once}, {name: SCHED_POLICY, value: spread}]
                      securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
                """
                        .formatted(images.of("pod-scheduler"));
        kubectl.apply(pods);
        try {
            await().untilAsserted(() -> {
                assertThat(
                                kubectl.run(
                                        "get",
                                        "pod",
                                        "one-pass",
                                        "-o",
                                        "jsonpath={.status.containerStatuses[0].state.terminated.exitCode}"))
                        .isEqualTo("0");
                assertThat(of("placed-once", "{.status.phase}")).isEqualTo("Succeeded");
            });
            assertThat(kubectl.run("logs", "one-pass")).contains("default/placed-once to node-1");
        } finally {
            kubectl.delete(pods);
        }
    }

    private void label(String node, String pod) throws IOException, InterruptedException {
        kubectl.run("label", "node", node, LABEL + pod.replace("web-", "") + "=", "--overwrite");
    }

    private String why(String pod) throws IOException, InterruptedException {
        return of(pod, "{.status.conditions[?(@.type==\"PodScheduled\")].message}");
    }

    private String of(String pod, String path) throws IOException, InterruptedException {
        return kubectl.run("get", "pod", pod, "-n", "default", "-o", "jsonpath=" + path);
    }

    private static ConditionFactory await() {
        // each look is a process or two
        return Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(500))
                .ignoreExceptions();
    }

    void remove() throws IOException, InterruptedException {
        String scheduler = Files.readString(folder.resolve("pod-scheduler.yaml"));
        kubectl.delete(Deployments.joined(Stream.of(example, scheduler)));
        kubectl.run("label", "node", "--all", LABEL + "0-", LABEL + "1-");
    }
}
