package io.windlass.standalone.localcluster;

import io.windlass.job.ImageReference;
import io.windlass.json.Json;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One container: its command as a process in a process group of its own, its output in a file. */
final class ContainerRun {
    private static final String EPOCH = "1970-01-01T00:00:00Z";
    private static final Duration LAST_OUTPUT = Duration.ofSeconds(2);
    private static final String PATH =
            "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /**
     * With job control the command gets a process group of its own. Its standard input is a pipe
     * from this JVM: when that closes, be it by SIGKILL of the JVM, the whole group is killed.
     */
    private static final String WRAPPER =
            """
            set -m
            exec 3<&0 0</dev/null 4>&2 2>/dev/null
            "$@" 3<&- 2>&4 4>&- &
            child=$!
            trap 'kill -TERM -- -$child' TERM
            trap '' INT HUP
            { read -r _ <&3; kill -KILL -- -$child; } >/dev/null 4>&- &
            watchdog=$!
            exec 3<&- 4>&-
            wait $child
            code=$?
            while kill -0 $child 2>/dev/null; do wait $child; code=$?; done
            kill -KILL -- -$watchdog 2>/dev/null
            exit $code
            """;

    private final Environment environment;
    private final Map<String, @Nullable Object> container;
    private final Path directory;
    private final Path log;
    private @Nullable List<String> variables;
    private @Nullable Process process;
    private @Nullable ContainerOutput output;
    private volatile Map<String, @Nullable Object> state =
            Map.of("waiting", Map.of("reason", "ContainerCreating"));
    private @Nullable String startedAt;
    private volatile boolean launched;

    ContainerRun(
            ObjectStore store,
            Stored pod,
            Map<String, @Nullable Object> container,
            Path directory) {
        this.environment = new Environment(store, pod);
        this.container = container;
        this.directory = directory;
        this.log = log(directory, name());
    }

    static Path log(Path directory, String container) {
        return directory.resolve(container + ".log");
    }

    private String name() {
        return String.valueOf(container.get("name"));
    }

    private List<String> words(String field) {
        return container.get(field) instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    /** False where it has to wait for something that may yet come. */
    boolean prepare() {
        if (!ImageReference.parses(String.valueOf(container.get("image")))) {
            waiting(
                    "InvalidImageName",
                    "Failed to apply default image tag \""
                            + container.get("image")
                            + "\": couldn't parse image name: invalid reference format");
            return false;
        }
        switch (environment.resolve(container)) {
            case Environment.Resolved resolved -> {
                variables = resolved.assignments();
                return true;
            }
            case Environment.Missing missing -> {
                waiting("CreateContainerConfigError", missing.message());
                return false;
            }
        }
    }

    private void waiting(String reason, String message) {
        state = Map.of("waiting", Map.of("reason", reason, "message", message));
    }

    /** False where it could not be started at all; then it has ended. */
    boolean launch() throws IOException {
        List<String> command = new ArrayList<>(words("command"));
        command.addAll(words("args"));
        if (words("command").isEmpty()) {
            startFailed(
                    "the local cluster runs commands and not images: give the job a command"
                            + " (its image is not pulled)");
            return false;
        }
        Files.createDirectories(directory);
        Path work = workingDirectory();
        if (!Files.isDirectory(work)) {
            startFailed("the working directory " + work + " does not exist on this machine");
            return false;
        }
        if (!executable(command.getFirst(), work)) {
            startFailed("exec: \"" + command.getFirst() + "\": executable file not found in $PATH");
            return false;
        }
        List<String> whole = new ArrayList<>(List.of("bash", "-c", WRAPPER, "windlass-job"));
        whole.add("/usr/bin/env");
        whole.add("-i");
        whole.addAll(Objects.requireNonNull(variables));
        whole.addAll(command);
        ProcessBuilder builder =
                new ProcessBuilder(whole).directory(work.toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("PATH", PATH);
        process = builder.start();
        output = ContainerOutput.of(process, log);
        launched = true;
        startedAt = ObjectStore.now();
        state = Map.of("running", Map.of("startedAt", startedAt));
        return true;
    }

    private Path workingDirectory() {
        return container.get("workingDir") instanceof String given && !given.isEmpty()
                ? Path.of(given)
                : directory;
    }

    private boolean executable(String command, Path work) {
        if (command.contains("/")) {
            File file = work.resolve(command).toFile();
            return file.isFile() && file.canExecute();
        }
        String path =
                Objects.requireNonNull(variables).stream()
                        .filter(v -> v.startsWith("PATH="))
                        .reduce((first, last) -> last)
                        .map(v -> v.substring("PATH=".length()))
                        .orElse(PATH);
        for (String place : path.split(":", -1)) {
            File file = new File(place, command);
            if (file.isFile() && file.canExecute()) {
                return true;
            }
        }
        return false;
    }

    private void startFailed(String message) {
        state =
                Map.of(
                        "terminated",
                        Map.of(
                                "exitCode",
                                128,
                                "reason",
                                "StartError",
                                "message",
                                message,
                                "startedAt",
                                EPOCH,
                                "finishedAt",
                                ObjectStore.now()));
    }

    void awaitEnd() throws InterruptedException, IOException {
        int code = Objects.requireNonNull(process).waitFor();
        ContainerOutput written = Objects.requireNonNull(output);
        written.awaitEnd(LAST_OUTPUT);
        Map<String, @Nullable Object> ended = new LinkedHashMap<>();
        ended.put("exitCode", code);
        ended.put("reason", code == 0 ? "Completed" : "Error");
        ended.put("startedAt", startedAt);
        ended.put("finishedAt", ObjectStore.now());
        if (code != 0
                && "FallbackToLogsOnError".equals(container.get("terminationMessagePolicy"))) {
            ended.put("message", written.end());
        }
        state = Map.of("terminated", ended);
    }

    boolean launched() {
        return launched;
    }

    boolean endedWell() {
        return Json.asObject(state).get("terminated") instanceof Map<?, ?> ended
                && Integer.valueOf(0).equals(ended.get("exitCode"));
    }

    void stop(Duration grace) {
        Process running = process;
        if (running == null) {
            return;
        }
        running.destroy();
        Thread.startVirtualThread(() -> {
            try {
                if (!running.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS)) {
                    kill();
                }
            } catch (InterruptedException e) {
                kill();
            }
        });
    }

    /** Closing the pipe makes the wrapper's watchdog kill the whole group. */
    void kill() {
        Process running = process;
        if (running != null) {
            try {
                running.getOutputStream().close();
            } catch (IOException e) {
                running.destroyForcibly();
            }
        }
    }

    Map<String, @Nullable Object> status() {
        Map<String, @Nullable Object> status = new LinkedHashMap<>();
        status.put("name", name());
        status.put("image", String.valueOf(container.get("image")));
        status.put("imageID", "");
        status.put("ready", state.containsKey("running"));
        status.put("restartCount", 0);
        status.put("state", state);
        return status;
    }
}
