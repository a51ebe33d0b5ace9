package io.windlass.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code windlass logs}. */
@Command(
        name = "logs",
        description = {
            "What a job wrote, byte for byte: while it runs and afterwards.",
            "Where the connection breaks it goes on from where it was."
        },
        mixinStandardHelpOptions = true)
final class LogsCommand implements Callable<Integer> {
    @Mixin private final Server server = new Server();

    @Spec private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "JOB", description = JobLookup.WHAT)
    private String named = "";

    private String id = "";

    @Option(
            names = {"-f", "--follow"},
            description = "goes on until it has ended, over all its attempts")
    private boolean follow;

    @Option(
            names = {"-c", "--container"},
            paramLabel = "NAME",
            description = "default: the pod's first that is no init container")
    private @Nullable String container;

    @Option(
            names = "--attempt",
            paramLabel = "N",
            description = "the nth pod that ran; default: the last")
    private @Nullable Integer attempt;

    @Option(
            names = "--pod",
            paramLabel = "NAME",
            description = "by its name, where several run at once")
    private @Nullable String pod;

    @Option(names = "--tail", paramLabel = "LINES", description = "so many lines of its end")
    private @Nullable Integer tail;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "10m, or a time such as 2026-01-31T12:00:00Z")
    private @Nullable String since;

    @Option(names = "--offset", paramLabel = "BYTE", description = "from this byte on")
    private @Nullable Long offset;

    @Option(names = "--timestamps", description = "with the time of each line")
    private boolean timestamps;

    @Option(
            names = "--safe",
            description =
                    "shows control characters as escapes; without it a log reaches the terminal as it is")
    private boolean safe;

    @Override
    public Integer call() throws Refusal, IOException, InterruptedException {
        id = JobLookup.id(server, named);
        if (!safe) {
            return copy(System.out);
        }
        // never closed: the terminal is not this command's
        VisibleOutput out = new VisibleOutput(System.out);
        try {
            return copy(out);
        } finally {
            out.finish();
        }
    }

    private int copy(OutputStream out) throws Refusal, IOException, InterruptedException {
        if (timestamps) {
            return withTimes(out);
        }
        CommandSpec self = Objects.requireNonNull(spec);
        PrintWriter err = self.commandLine().getErr();
        LogReader reader = new LogReader(server, out, err);
        if (follow && attempt == null && pod == null) {
            new RunLogs(server, reader, id, chosen(), begin()).follow();
        } else {
            reader.read(
                    new LogReader.Wish(
                            id, chosen() + parameter("attempt", attempt), begin(), follow));
        }
        return 0;
    }

    private int withTimes(OutputStream out) throws Refusal {
        String query =
                "?timestamps=true&follow="
                        + follow
                        + chosen()
                        + parameter("attempt", attempt)
                        + begin();
        try (InputStream body = server.stream(Server.job(id) + "/logs" + query).body()) {
            body.transferTo(out);
            out.flush();
        } catch (IOException e) {
            throw server.noAnswer(e);
        }
        return 0;
    }

    private String chosen() {
        return parameter("container", container) + parameter("pod", pod);
    }

    private String begin() {
        return parameter("tail", tail) + parameter("since", since) + parameter("offset", offset);
    }

    private static String parameter(String name, @Nullable Object value) {
        return value == null
                ? ""
                : "&" + name + "=" + URLEncoder.encode(value.toString(), StandardCharsets.UTF_8);
    }
}
