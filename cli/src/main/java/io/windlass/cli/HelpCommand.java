package io.windlass.cli;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code windlass help}. */
@Command(
        name = "help",
        description = "Says what commands do, with examples and exit codes.",
        mixinStandardHelpOptions = true)
final class HelpCommand implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "COMMAND",
            arity = "0..2",
            description = "such as submit, or schedule runs; none means all")
    private List<String> path = List.of();

    @Override
    public Integer call() throws Refusal {
        CommandSpec self = Objects.requireNonNull(spec);
        CommandLine command = self.root().commandLine();
        for (String name : path) {
            CommandLine next = command.getSubcommands().get(name);
            if (next == null) {
                throw Refusal.wrongCall(
                        "there is no command '%s'; there are: %s"
                                .formatted(
                                        String.join(" ", path),
                                        String.join(", ", command.getSubcommands().keySet())));
            }
            command = next;
        }
        command.usage(self.commandLine().getOut());
        return 0;
    }
}
