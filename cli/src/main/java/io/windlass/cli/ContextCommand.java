package io.windlass.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code windlass context}: its subcommands are its methods. */
@Command(
        name = "context",
        description = {
            "Servers by a name, in $WINDLASS_CONFIG or ~/.config/windlass/contexts.yaml.",
            "--server and $WINDLASS_URL go before the current one, --context before these."
        },
        mixinStandardHelpOptions = true)
final class ContextCommand implements Runnable {
    @Spec private @Nullable CommandSpec spec;

    @Override
    public void run() {
        CommandLine.usage(this, System.out);
    }

    private static Contexts contexts() throws Refusal {
        return Contexts.read(Contexts.usualFile(System.getenv()));
    }

    @Command(
            name = "list",
            description = "All; * is the current one.",
            mixinStandardHelpOptions = true)
    int list() throws Refusal {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        Contexts contexts = contexts();
        contexts.known()
                .forEach((name, context) ->
                        out.printf(
                                "%s %s  %s%n",
                                name.equals(contexts.current()) ? "*" : " ",
                                name,
                                context.server()));
        out.flush();
        return 0;
    }

    @Command(
            name = "set",
            description = "Makes one, or changes it; the first one is the current one.",
            mixinStandardHelpOptions = true)
    int set(
            @Parameters(paramLabel = "NAME") String name,
            @Option(
                            names = "--server",
                            paramLabel = "URL",
                            required = true,
                            description = "its URL")
                    String server,
            @Option(
                            names = "--auth-header",
                            paramLabel = "FILE",
                            description =
                                    "a file with the Authorization header; without it $WINDLASS_TOKEN is the token")
                    @Nullable Path authHeader)
            throws Refusal {
        Contexts contexts = contexts();
        contexts.put(
                name,
                new Contexts.Context(
                        ServerUrl.checked(server, "--server"),
                        authHeader == null ? null : authHeader.toAbsolutePath().toString()));
        contexts.write();
        return 0;
    }

    @Command(
            name = "use",
            description = "Makes it the current one.",
            mixinStandardHelpOptions = true)
    int use(@Parameters(paramLabel = "NAME") String name) throws Refusal {
        Contexts contexts = contexts();
        contexts.use(name);
        contexts.write();
        return 0;
    }

    @Command(name = "delete", description = "Forgets it.", mixinStandardHelpOptions = true)
    int delete(@Parameters(paramLabel = "NAME") String name) throws Refusal {
        Contexts contexts = contexts();
        contexts.remove(name);
        contexts.write();
        return 0;
    }
}
