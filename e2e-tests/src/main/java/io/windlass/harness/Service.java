package io.windlass.harness;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * One process of a service, as it would be in a container: its class path, its environment, its
 * log.
 */
public final class Service implements AutoCloseable {
    /** For the slowest; the first of a build write an archive of their classes before they end. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** 128 and SIGKILL. */
    private static final int KILLED = 137;

    private static final Path ROOT = Path.of(System.getProperty("windlass.root", ".."));

    private final String module;
    private final String mainClass;
    private final Map<String, String> environment;
    private final List<String> javaOptions;
    private final Path target;
    private final Classes classes;
    private final ClassArchive archive;
    private final Path log;
    private final int port;
    private Process process;

    /** Where a process has its classes from. */
    enum Classes {
        /** Its jars. */
        JARS,
        /** An archive, where there is one of its jars. */
        ARCHIVE,
        /** An archive, or it writes one. */
        WRITES_ARCHIVE
    }

    Service(
            String module,
            String mainClass,
            Map<String, String> environment,
            List<String> javaOptions,
            Classes classes,
            Path logs)
            throws IOException {
        this.module = module;
        this.mainClass = mainClass;
        this.environment = environment;
        this.javaOptions = javaOptions;
        this.classes = classes;
        this.target = ROOT.resolve(module).resolve("target");
        this.archive = new ClassArchive(target, module);
        this.port = FreePorts.next();
        this.log = logs.resolve(module + "-" + port + ".log");
        this.process = launch(Map.of());
    }

    private Process launch(Map<String, String> more) throws IOException {
        String classPath =
                jar(target, module)
                        + File.pathSeparator
                        + Files.readString(target.resolve("classpath.txt")).strip();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        javaOptions.forEach(option -> command.add(option.replace("{module}", module)));
        if (classes != Classes.JARS) {
            command.addAll(archive.options(classPath, classes == Classes.WRITES_ARCHIVE));
        }
        command.addAll(
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow"));
        command.add("-cp");
        command.add(classPath);
        command.add(mainClass);
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        builder.environment().putAll(more);
        builder.environment().put("WINDLASS_HOST", "127.0.0.1");
        builder.environment().put("WINDLASS_PORT", Integer.toString(port));
        builder.environment().put("WINDLASS_MANAGEMENT_PORT", Integer.toString(port));
        return builder.start();
    }

    /** As in an image; a JVM's cache of classes knows no others. */
    private static Path jar(Path target, String module) throws IOException {
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(
                            file -> {
                                String name = file.getFileName().toString();
                                return name.startsWith(module + "-") && name.endsWith(".jar");
                            })
                    .findFirst()
                    .orElseThrow(() -> new IOException("no jar in " + target));
        }
    }

    public int port() {
        return port;
    }

    public Path log() {
        return log;
    }

    public void awaitReady() {
        HttpRequest health =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health/readiness"))
                        .timeout(Duration.ofSeconds(2))
                        .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            Awaitility.await(module + " is ready; its log is " + log)
                    .atMost(Duration.ofMinutes(2))
                    .pollInterval(Duration.ofMillis(200))
                    .ignoreExceptions()
                    .until(() ->
                            http.send(health, HttpResponse.BodyHandlers.discarding()).statusCode()
                                    == 200);
        }
    }

    /** SIGKILL: nobody is told, nothing is finished. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    public void startAgain() throws IOException {
        startAgain(Map.of());
    }

    /** With another clock, for instance. */
    public void startAgain(Map<String, String> more) throws IOException {
        process = launch(more);
    }

    /** As a kubelet would: what has ended is begun again. */
    public boolean startedAgainIfDead() throws IOException {
        boolean dead = !process.isAlive();
        if (dead) {
            startAgain();
        }
        return dead;
    }

    public ProcessHandle process() {
        return process.toHandle();
    }

    public String module() {
        return module;
    }

    public int awaitExit() throws InterruptedException {
        return process.waitFor();
    }

    /** Asks all of them to end at once, and waits for them together. */
    static void stopAll(List<Service> services) throws IOException {
        Processes.stopAll(services.stream().map(s -> s.process).toList(), PATIENCE);
        for (Service service : services) {
            service.archive.keep(service.process.exitValue() != KILLED);
        }
    }

    @Override
    public void close() throws IOException {
        stopAll(List.of(this));
    }
}
