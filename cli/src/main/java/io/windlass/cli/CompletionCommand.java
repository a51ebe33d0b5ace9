package io.windlass.cli;

import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code windlass completion}. */
@Command(
        name = "completion",
        description = "Prints what makes bash and zsh complete it: source <(windlass completion)",
        mixinStandardHelpOptions = true)
final class CompletionCommand implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        CommandSpec self = Objects.requireNonNull(spec);
        PrintWriter out = self.commandLine().getOut();
        out.print(AutoComplete.bash("windlass", self.root().commandLine()));
        out.flush();
        return 0;
    }
}
