package io.windlass.e2e;

import io.windlass.harness.Images;
import io.windlass.harness.InstallPage;
import io.windlass.harness.InstallPage.Step;
import io.windlass.harness.InstallShell;
import io.windlass.harness.Kubectl;
import io.windlass.harness.OutsideServices;
import io.windlass.testing.TestCluster;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Windlass as the install page brings it to the test cluster, and what stands outside of it. */
final class InstalledByPage {
    static final String OWN = "windlass-install";
    static final String OUTSIDE = "windlass-install-outside";
    static final String JOBS = "windlass-install-jobs";
    private static final String MORE_JOBS = "windlass-install-more-jobs";
    private static final Path ROOT = Path.of(System.getProperty("windlass.root", ".."));
    private static final String NAMESPACE =
            """
            apiVersion: v1
            kind: Namespace
            metadata: {name: %s}
            """;

    private static final String KUBECTL =
            """
            #!/usr/bin/env bash
            case "$*" in
            # its block ends it; where that fails it ends by itself
            *port-forward*) exec timeout 240 TOOL kubectl "$@" ;;
            *) exec TOOL kubectl "$@" ;;
            esac
            """;

    private final Path folder;
    private final Kubectl kubectl;
    private final OutsideServices outside;
    private final InstallPage page;
    private final Set<Step> run = new HashSet<>();
    private InstallShell shell;

    /**
     * Nothing is done yet.
     *
     * @param folder for programs and for what the page keeps
     */
    InstalledByPage(String helm, Path folder) throws IOException {
        this.folder = folder;
        kubectl = new Kubectl(TestCluster.tool().orElseThrow(), OWN);
        outside = new OutsideServices(new Kubectl(kubectl.tool(), OUTSIDE), folder);
        page = InstallPage.of(ROOT);
        InstallShell.program(
                folder, "helm", "#!/bin/sh\nexec " + Path.of(helm).toAbsolutePath() + " \"$@\"\n");
        String tool = kubectl.tool().toAbsolutePath().toString();
        InstallShell.program(folder, "kubectl", KUBECTL.replace("TOOL", tool));
        outside.putPrograms();
        shell = with(variables());
        shell.expectVariablesOf(page);
    }

    private InstallShell with(Map<String, String> variables) {
        String kubeconfig = TestCluster.kubeconfig().orElseThrow().toAbsolutePath().toString();
        return new InstallShell(ROOT, folder, variables, Map.of("KUBECONFIG", kubeconfig));
    }

    private Map<String, String> variables() throws IOException {
        Map<String, String> variables = new TreeMap<>();
        variables.put("IMAGE_REGISTRY", "");
        variables.put("IMAGE_TAG", "install-" + Instant.now().toEpochMilli());
        variables.put("NAMESPACE", OWN);
        variables.put("JOB_NAMESPACES", JOBS + " " + MORE_JOBS);
        variables.put("INSTALL_FOLDER", kept("").toString());
        variables.put("PGHOST", outside.host());
        variables.put("PGPORT", "5432");
        variables.put("PGUSER", OutsideServices.ADMINISTRATOR);
        variables.put("PGPASSWORD", OutsideServices.PASSWORD);
        variables.put("PGSSLMODE", "verify-full");
        variables.put("PGSSLROOTCERT", outside.certificate().toString());
        variables.put("DATABASE", "windlass");
        variables.put("DATABASE_OWNER", "windlass");
        variables.put("DATABASE_OWNER_PASSWORD", "of-the-owner");
        variables.put("QUEUE_REGION", "elasticmq");
        variables.put("QUEUE_ENDPOINT", outside.queue());
        variables.put("QUEUE_ACCESS_KEY_ID", "any");
        variables.put("QUEUE_SECRET_ACCESS_KEY", "any");
        try (ServerSocket free = new ServerSocket(0)) {
            variables.put("LOCAL_PORT", Integer.toString(free.getLocalPort()));
        }
        return variables;
    }

    /** What a cluster has before Windlass comes: a database, a queue, and images to pull. */
    void begin() throws IOException, InterruptedException {
        remove();
        Images.ofThisBuild().tag(tag());
        kubectl.apply(NAMESPACE.formatted(OUTSIDE));
        outside.start();
    }

    /** Of this run, and of one that was broken off. */
    void remove() throws IOException, InterruptedException {
        for (String namespace : List.of(OWN, JOBS, MORE_JOBS, OUTSIDE)) {
            new Kubectl(kubectl.tool(), namespace).deleteNow(NAMESPACE.formatted(namespace));
        }
        kubectl.run(
                "delete",
                "--ignore-not-found",
                "clusterrole/" + OWN + "-windlass-messages-processor",
                "clusterrolebinding/" + OWN + "-windlass-messages-processor");
    }

    Kubectl kubectl() {
        return kubectl;
    }

    OutsideServices outside() {
        return outside;
    }

    String tag() {
        return shell.variables().getOrDefault("IMAGE_TAG", "");
    }

    /** In the folder that the page keeps. */
    Path kept(String name) {
        return folder.resolve("kept").resolve(name);
    }

    /** The first block with another tag, of the same images. */
    void changeTag(String tag) throws IOException, InterruptedException {
        Images.ofThisBuild().tag(tag);
        Map<String, String> variables = new TreeMap<>(shell.variables());
        variables.put("IMAGE_TAG", tag);
        shell = with(variables);
    }

    List<Step> section(String title) {
        return page.section(title);
    }

    /** All blocks of a section. */
    String run(String title) throws IOException, InterruptedException {
        StringBuilder said = new StringBuilder();
        for (Step step : page.section(title)) {
            said.append(run(step));
        }
        return said.toString();
    }

    String run(Step step) throws IOException, InterruptedException {
        run.add(step);
        try {
            return shell.run(step);
        } catch (IOException e) {
            throw new IOException(e.getMessage() + "\n" + state(), e);
        }
    }

    boolean hasRunAll() {
        return run.containsAll(page.steps());
    }

    /** For whoever has to find out why it failed. */
    private String state() throws InterruptedException {
        StringBuilder state = new StringBuilder();
        for (List<String> question :
                List.of(
                        List.of("get", "pods", "-o", "wide"),
                        List.of("get", "events", "--sort-by=.lastTimestamp"),
                        List.of(
                                "logs",
                                "deployment/windlass-web-server",
                                "--all-containers",
                                "--tail=15"))) {
            try {
                state.append(kubectl.run(question.toArray(String[]::new))).append('\n');
            } catch (IOException e) {
                state.append(e.getMessage()).append('\n');
            }
        }
        return state.toString();
    }
}
