package io.windlass.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Jobs as the command line gives them: from files, or from options and the command after --. */
final class JobOptions {
    @Option(
            names = {"-f", "--file"},
            paramLabel = "PATH",
            description =
                    "jobs in YAML or JSON, or a folder of such files; - is standard input; may be repeated")
    private List<String> files = List.of();

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "default: the last part of the image's name")
    private @Nullable String name;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAME",
            description = "default: default; of a file: where it has none")
    private @Nullable String namespace;

    @Option(names = "--image", paramLabel = "IMAGE", description = "which image")
    private @Nullable String image;

    @Option(names = "--env", paramLabel = "NAME=VALUE", description = "NAME=value; may be repeated")
    private Map<String, String> env = new LinkedHashMap<>();

    @Option(names = "--timeout", paramLabel = "TIME", description = "for instance 10m")
    private @Nullable String timeout;

    @Option(names = "--max-retries", paramLabel = "COUNT", description = "default: 0")
    private @Nullable Integer maxRetries;

    @Option(
            names = "--idempotency-key",
            paramLabel = "KEY",
            description = "the same key makes the same job")
    private @Nullable String key;

    @Parameters(paramLabel = "WORD", description = "the command and its arguments")
    private List<String> command = List.of();

    /** What is to be submitted: from files, or the one of the options. */
    List<JobFiles.Written> jobs() throws Refusal {
        if (files.isEmpty()) {
            return List.of(new JobFiles.Written("the job", fromOptions()));
        }
        if (name != null
                || image != null
                || timeout != null
                || maxRetries != null
                || !env.isEmpty()
                || !command.isEmpty()) {
            throw Refusal.wrongCall(
                    "give a job with --file, or with --image and the other options, not both");
        }
        List<JobFiles.Written> jobs = JobFiles.read(files);
        if (key != null && jobs.size() > 1) {
            throw Refusal.wrongCall(
                    "--idempotency-key is for one job, and there are " + jobs.size());
        }
        if (namespace != null) {
            jobs.forEach(written -> written.job().putIfAbsent("namespace", namespace));
        }
        return jobs;
    }

    /** The job as it was answered. */
    Map<String, @Nullable Object> submit(Server server, JobFiles.Written job) throws Refusal {
        return server.post("/api/v1/jobs", job.job(), key);
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
}
