package io.windlass.e2e;

import io.windlass.harness.Commands;
import io.windlass.harness.Images;
import io.windlass.harness.SimulatedNodes;
import io.windlass.testing.LeftOut;
import io.windlass.testing.TestCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The manifests of {@code minikube/}, and what they say each service may do. */
final class Deployments {
    static final List<String> SERVICES =
            List.of(
                    "web-server",
                    "messages-processor",
                    "job-status-processor",
                    "pod-events-processor",
                    "schedules-processor",
                    "cluster-gateway");

    /** Simulated nodes have none: they are not to be waited for. */
    private static final String NO_LOGS_OF_SIMULATED_NODES = "WINDLASS_LOGS_GIVE_UP: 1s";

    private Deployments() {}

    /** Images are needed beside a cluster; said if there is nowhere to push them. */
    static boolean available() {
        return SimulatedNodes.available()
                && TestCluster.tool().isPresent()
                && LeftOut.unless(
                        Images.registry() != null,
                        "a registry (WINDLASS_TEST_REGISTRY is not set)");
    }

    static String minikube(Path root) throws IOException {
        try (Stream<Path> files = Files.list(root.resolve("minikube"))) {
            // what is beside all of it has a folder of its own
            return joined(files.filter(Files::isRegularFile).sorted().map(Deployments::read))
                    .replace(
                            "  WINDLASS_LOGS_KEEP_STORED:",
                            "  " + NO_LOGS_OF_SIMULATED_NODES + "\n  WINDLASS_LOGS_KEEP_STORED:");
        }
    }

    static String minikubeAt(Path root, String commit) throws IOException, InterruptedException {
        String names = git(root, "ls-tree", "--name-only", commit, "minikube/");
        StringBuilder all = new StringBuilder();
        for (String name : names.lines().filter(name -> name.endsWith(".yaml")).sorted().toList()) {
            all.append(git(root, "show", commit + ":" + name)).append("\n---\n");
        }
        return all.toString();
    }

    private static String git(Path root, String... arguments)
            throws IOException, InterruptedException {
        return Commands.run(
                root, Map.of(), Stream.concat(Stream.of("git"), Stream.of(arguments)).toList());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String joined(Stream<String> documents) {
        return documents.collect(Collectors.joining("\n---\n"));
    }

    static List<String> documents(String manifests) {
        return Stream.of(manifests.split("(?m)^---$")).filter(d -> !d.isBlank()).toList();
    }

    /** In a namespace that jobs go to. */
    static Set<String> inTheNamespaceOfJobs(String service) {
        Set<String> rights = new TreeSet<>(anywhere(service));
        switch (service) {
            case "messages-processor" ->
                    rights.addAll(
                            Set.of(
                                    "create jobs",
                                    "get jobs",
                                    "list jobs",
                                    "patch jobs",
                                    "delete jobs",
                                    "get pods",
                                    "list pods",
                                    "delete pods",
                                    "list events",
                                    "list resourcequotas"));
            case "job-status-processor" ->
                    rights.addAll(Set.of("get jobs", "list jobs", "watch jobs"));
            case "pod-events-processor" ->
                    rights.addAll(
                            Set.of(
                                    "get pods",
                                    "list pods",
                                    "watch pods",
                                    "get events",
                                    "list events",
                                    "watch events"));
            case "cluster-gateway" ->
                    rights.addAll(
                            Set.of(
                                    "get pods",
                                    "list pods",
                                    "watch pods",
                                    "get pods/log",
                                    "get jobs"));
            default -> {}
        }
        return rights;
    }

    /** What is no namespace's. */
    static Set<String> anywhere(String service) {
        return service.equals("messages-processor")
                ? new TreeSet<>(Set.of("get namespaces kube-system", "list nodes"))
                : new TreeSet<>();
    }
}
