package io.windlass.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code windlass events}. */
@Command(
        name = "events",
        description = {
            "The history of a job, or the feed of everything, without gaps.",
            "The feed begins at its beginning, or after a cursor (-o json shows them)."
        },
        mixinStandardHelpOptions = true)
final class EventsCommand implements Callable<Integer> {
    private static final int PAGE = 500;

    @Mixin private final Server server = new Server();
    @Mixin private final Output output = new Output();

    @Spec private @Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "JOB",
            arity = "0..1",
            description = JobLookup.WHAT + "; none means the feed")
    private @Nullable String named;

    @Option(names = "--after", paramLabel = "CURSOR", description = "a cursor of the feed")
    private @Nullable String after;

    @Option(
            names = {"-f", "--follow"},
            description =
                    "goes on with what happens: of a job until it has ended, else until Ctrl-C")
    private boolean follow;

    @Override
    public Integer call() throws Refusal, InterruptedException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        return named == null ? feed(out) : history(out, JobLookup.id(server, named));
    }

    private int feed(PrintWriter out) throws Refusal, InterruptedException {
        Object cursor = after;
        while (true) {
            Map<String, @Nullable Object> page =
                    server.get(
                            "/api/v1/events?limit="
                                    + PAGE
                                    + (cursor == null ? "" : "&after=" + Server.step(cursor)));
            List<Map<String, @Nullable Object>> events = Server.objects(page, "items");
            for (Map<String, @Nullable Object> event : events) {
                print(out, event);
            }
            boolean atItsEnd = Objects.equals(cursor, page.get("next"));
            cursor = page.get("next");
            if (atItsEnd) {
                if (!follow) {
                    return 0;
                }
                Thread.sleep(1_000);
            }
        }
    }

    private int history(PrintWriter out, String job) throws Refusal, InterruptedException {
        Object cursor = null;
        int shown = 0;
        while (true) {
            // asked before its history: what ends it is then in that
            boolean ended = server.get(Server.job(job)).get("finishedAt") != null;
            boolean more = true;
            while (more) {
                Map<String, @Nullable Object> page =
                        server.get(
                                Server.job(job)
                                        + "/events"
                                        + (cursor == null ? "" : "?cursor=" + Server.step(cursor)));
                List<Map<String, @Nullable Object>> events = Server.objects(page, "items");
                for (Map<String, @Nullable Object> event :
                        events.subList(Math.min(shown, events.size()), events.size())) {
                    print(out, event);
                }
                more = page.get("next") != null;
                shown = more ? 0 : events.size();
                cursor = more ? page.get("next") : cursor;
            }
            if (ended || !follow) {
                return 0;
            }
            Thread.sleep(1_000);
        }
    }

    private void print(PrintWriter out, Map<String, @Nullable Object> event) {
        String step =
                event.get("from") == null || Objects.equals(event.get("from"), event.get("to"))
                        ? Colours.ofThisTerminal()
                                .of(Visible.of(Objects.toString(event.get("to"), "")))
                        : Visible.of(event.get("from"))
                                + " -> "
                                + Colours.ofThisTerminal()
                                        .of(Visible.of(Objects.toString(event.get("to"), "")));
        output.line(
                out,
                event,
                "%s  %s%s  %s  %s"
                        .formatted(
                                Visible.of(event.get("at")),
                                named == null ? Visible.of(event.get("jobId")) + "  " : "",
                                step,
                                Visible.of(event.get("reason")),
                                Visible.of(Objects.toString(event.get("message"), ""))));
    }
}
