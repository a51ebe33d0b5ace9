package io.windlass.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The command line in a process of its own, with a pseudo terminal or without. */
record CommandLineProcess(Path folder, Map<String, String> environment) {
    private static final int MOST_SECONDS = 120;

    /**
     * What came of it.
     *
     * @param err on a terminal all that it wrote
     */
    record Result(int code, String out, String err) {}

    static boolean terminalsAreHere() {
        return Files.isExecutable(Path.of("/usr/bin/script"))
                && System.getProperty("os.name").equals("Linux");
    }

    Result run(boolean terminal, String input, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(java());
        command.addAll(arguments);
        return run(folder, environment, terminal, input, command);
    }

    /** Any program. */
    static Result onATerminal(Path folder, List<String> command)
            throws IOException, InterruptedException {
        return run(folder, Map.of(), true, "", command);
    }

    private static Result run(
            Path folder,
            Map<String, String> environment,
            boolean terminal,
            String input,
            List<String> words)
            throws IOException, InterruptedException {
        List<String> command = words;
        if (terminal) {
            String line =
                    words.stream()
                            .map(word -> "'" + word.replace("'", "'\\''") + "'")
                            .collect(Collectors.joining(" "));
            command = List.of("/usr/bin/script", "-qec", line, "/dev/null");
        }
        Path in = Files.writeString(Files.createTempFile(folder, "in", ""), input);
        File out = Files.createTempFile(folder, "out", "").toFile();
        File err = Files.createTempFile(folder, "err", "").toFile();
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectInput(in.toFile())
                        .redirectOutput(out)
                        .redirectError(err);
        builder.environment().keySet().removeIf(name -> name.startsWith("WINDLASS"));
        builder.environment().put("HOME", folder.toString());
        builder.environment().put("SHELL", "/bin/sh");
        builder.environment().put("TERM", "xterm");
        builder.environment().remove("XDG_CONFIG_HOME");
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("it does not end: " + words);
        }
        String written = Files.readString(out.toPath(), UTF_8);
        return terminal
                ? new Result(process.exitValue(), "", written.replace("\r", ""))
                : new Result(process.exitValue(), written, Files.readString(err.toPath(), UTF_8));
    }

    private static List<String> java() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                "io.windlass.cli.Main");
    }
}
