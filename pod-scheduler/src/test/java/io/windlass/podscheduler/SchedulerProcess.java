package io.windlass.podscheduler;

import io.windlass.testing.TestCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The command line in a process of its own, as anybody would start it. */
public final class SchedulerProcess implements AutoCloseable {
    public final Path log;
    private final Process process;

    private SchedulerProcess(Path log, Process process) {
        this.log = log;
        this.process = process;
    }

    public static SchedulerProcess start(String... args) throws IOException {
        return start(Map.of("KUBECONFIG", TestCluster.kubeconfig().orElseThrow().toString()), args);
    }

    private static SchedulerProcess start(Map<String, String> environment, String... args)
            throws IOException {
        Path log = Files.createTempFile("pod-scheduler", ".log");
        List<String> command =
                new ArrayList<>(
                        List.of(
                                ProcessHandle.current().info().command().orElse("java"),
                                "-XX:+UseSerialGC",
                                "-Xmx512m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Application.class.getName()));
        command.addAll(List.of(args));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        return new SchedulerProcess(log, builder.start());
    }

    /** As a daemon that has seen the cluster. */
    public static SchedulerProcess daemon(String... args) throws IOException {
        return seen(start(asDaemon(args)));
    }

    /** The same as a pod would be. */
    public static SchedulerProcess daemon(Account account, String... args) throws IOException {
        return seen(start(account.environment(), asDaemon(args)));
    }

    private static String[] asDaemon(String... args) {
        return Stream.concat(Stream.of("--daemon"), Stream.of(args)).toArray(String[]::new);
    }

    private static SchedulerProcess seen(SchedulerProcess daemon) {
        Fleet.await().until(() -> daemon.text().contains("the cluster is seen"));
        return daemon;
    }

    public String text() throws IOException {
        return Files.readString(log);
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public boolean leads() throws IOException {
        return process.isAlive() && text().contains(" leads by the lease");
    }

    public int exit(Duration within) throws InterruptedException {
        if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("it goes on: " + log);
        }
        return process.exitValue();
    }

    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM. */
    public void end() {
        process.destroy();
    }

    public long pid() {
        return process.pid();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        Files.deleteIfExists(log);
    }
}
