package io.windlass.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code windlass up}: a JVM of its own, which ends when this one does. */
@Command(
        name = "up",
        description =
                "Runs all of Windlass here, in the foreground, until Ctrl-C: services, database, queue, and a small cluster.",
        mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {
    private static final List<String> JVM =
            List.of(
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Xmx768m",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow");

    private static final int LAST_PORT = 65_535;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "default: 8080; 0 takes a free one")
    private @Nullable Integer port;

    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            description = "where everything is kept; default: $WINDLASS_DATA, else .windlass")
    private @Nullable Path data;

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "use the cluster of this file, not a local one")
    private @Nullable Path kubeconfig;

    @Option(names = "--context", paramLabel = "NAME", description = "of the kubeconfig")
    private @Nullable String context;

    @Option(
            names = "--namespaces",
            paramLabel = "NAMES",
            description = "those that jobs may go to; default: all")
    private @Nullable String namespaces;

    @Override
    public Integer call() throws IOException, InterruptedException, Refusal {
        check();
        Process standalone = new ProcessBuilder(command()).inheritIO().start();
        Thread stop =
                new Thread(() -> {
                    standalone.destroy();
                    try {
                        standalone.waitFor(30, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        standalone.destroyForcibly();
                    }
                });
        Runtime.getRuntime().addShutdownHook(stop);
        return standalone.waitFor();
    }

    private void check() throws Refusal {
        if (port != null && (port < 0 || port > LAST_PORT)) {
            throw Refusal.wrongCall("--port must be from 0 to " + LAST_PORT);
        }
        Path folder = data == null ? DataFolder.usual() : data;
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw Refusal.wrongCall("--data: " + folder + " is no folder");
        }
        if (kubeconfig != null && !Files.isReadable(kubeconfig)) {
            throw Refusal.wrongCall("--kubeconfig: " + kubeconfig + " cannot be read");
        }
    }

    private List<String> command() throws IOException, Refusal {
        String home = System.getProperty("windlass.home");
        Path classPath = Path.of(home == null ? "." : home, "standalone/target/classpath.txt");
        if (!Files.exists(classPath)) {
            throw new Refusal("start it by ./windlass up, which builds what is needed");
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM);
        command.add("-Dwindlass.parent=" + ProcessHandle.current().pid());
        command.add("-cp");
        command.add(
                Path.of(home == null ? "." : home, "standalone/target/classes")
                        + System.getProperty("path.separator")
                        + Files.readString(classPath).strip());
        command.add("io.windlass.standalone.Application");
        option(command, "--port", port);
        option(command, "--data", data == null ? DataFolder.usual() : data);
        option(command, "--kubeconfig", kubeconfig);
        option(command, "--context", context);
        option(command, "--namespaces", namespaces);
        return command;
    }

    private static void option(List<String> command, String name, @Nullable Object value) {
        if (value != null) {
            command.add(name);
            command.add(value.toString());
        }
    }
}
