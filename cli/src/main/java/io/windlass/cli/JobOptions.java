package io.windlass.cli;

import io.windlass.json.Json;
import io.windlass.json.JsonSyntaxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A job as the command line gives it: from a file, or from options and the command after --. */
final class JobOptions {
    @Option(
            names = {"-f", "--file"},
            description = "a job as JSON; - is standard input")
    private @Nullable String file;

    @Option(names = "--name", description = "default: the last part of the image's name")
    private @Nullable String name;

    @Option(names = "--namespace", description = "default: default")
    private @Nullable String namespace;

    @Option(names = "--image", description = "which image")
    private @Nullable String image;

    @Option(names = "--env", description = "NAME=value; may be repeated")
    private Map<String, String> env = new LinkedHashMap<>();

    @Option(names = "--timeout", description = "for instance 10m")
    private @Nullable String timeout;

    @Option(names = "--max-retries", description = "default: 0")
    private @Nullable Integer maxRetries;

    @Option(names = "--idempotency-key", description = "the same key makes the same job")
    private @Nullable String key;

    @Parameters(description = "the command and its arguments")
    private List<String> command = List.of();

    /** Submits it; the job as it was answered. */
    Map<String, @Nullable Object> submit(Server server) throws Refusal {
        return server.post("/api/v1/jobs", file == null ? fromOptions() : fromFile(file), key);
    }

    private Map<String, @Nullable Object> fromOptions() throws Refusal {
        if (image == null) {
            throw Refusal.wrongCall("give --image, or a job with --file");
        }
        Map<String, @Nullable Object> job = new LinkedHashMap<>();
        job.put("name", name == null ? nameOf(image) : name);
        job.put("image", image);
        job.put("namespace", namespace);
        job.put("command", command);
        job.put("env", Server.variables(env));
        job.put("timeout", timeout);
        job.put("maxRetries", maxRetries);
        job.values().removeIf(Objects::isNull);
        return job;
    }

    private static String nameOf(String image) {
        String last = image.substring(image.lastIndexOf('/') + 1);
        String bare = last.split("[:@]", 2)[0].toLowerCase(Locale.ROOT);
        return bare.replaceAll("[^a-z0-9-]", "-");
    }

    private static @Nullable Object fromFile(String file) throws Refusal {
        try {
            byte[] text =
                    file.equals("-") ? System.in.readAllBytes() : Files.readAllBytes(Path.of(file));
            return Json.parse(text);
        } catch (IOException e) {
            throw new Refusal(file + " cannot be read: " + Why.ofFile(e));
        } catch (JsonSyntaxException e) {
            throw new Refusal(file + ": " + e.getMessage());
        }
    }
}
