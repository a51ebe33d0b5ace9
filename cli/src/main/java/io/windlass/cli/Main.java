package io.windlass.cli;

import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code windlass}. */
@Command(
        name = "windlass",
        description = "Hands jobs to Windlass, which owes each of them one final answer.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.class,
        subcommands = {
            UpCommand.class,
            SubmitCommand.class,
            GetCommand.class,
            DescribeCommand.class,
            ListCommand.class,
            WatchCommand.class,
            EventsCommand.class,
            LogsCommand.class,
            RunCommand.class,
            CancelCommand.class,
            RerunCommand.class,
            DeleteCommand.class,
            PodsCommand.class,
            ProblemsCommand.class,
            DoctorCommand.class,
            ClusterCommand.class,
            ApplyCommand.class,
            ScheduleCommand.class,
            ContextCommand.class,
            CompletionCommand.class,
            HelpCommand.class,
            VersionCommand.class
        })
public final class Main implements Runnable {
    private static final int FAILED = 1;
    private static final int CALLED_WRONGLY = 2;

    public static void main(String[] args) {
        System.exit(run(args));
    }

    static int run(String... args) {
        CommandLine line = commandLine();
        try {
            return line.execute(args);
        } catch (StackOverflowError | OutOfMemoryError e) {
            return told(e, line.getErr());
        }
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Main());
        HelpTexts.add(line, "");
        // what stands after -- is the job's: @file too
        line.setExpandAtFiles(false);
        line.setParameterExceptionHandler((e, args) -> told(e));
        line.setExecutionExceptionHandler((e, command, parsed) -> {
            if (e instanceof Refusal refusal) {
                command.getErr().println(Visible.of(refusal.told()));
                return refusal.code();
            }
            return told(e, command.getErr());
        });
        return line;
    }

    /** Called wrongly: a line instead of a page. */
    private static int told(ParameterException e) {
        CommandLine command = e.getCommandLine();
        List<String> near =
                e instanceof UnmatchedArgumentException unmatched
                        ? unmatched.getSuggestions()
                        : List.of();
        command.getErr()
                .println(
                        Visible.of(
                                String.valueOf(e.getMessage()).replaceAll("\\s+", " ")
                                        + (near.isEmpty()
                                                ? ""
                                                : "; did you mean " + String.join(", ", near))
                                        + "; see: "
                                        + command.getCommandSpec().qualifiedName()
                                        + " --help"));
        return CALLED_WRONGLY;
    }

    /** Something that nobody has thought of. */
    private static int told(Throwable e, PrintWriter err) {
        String debug = System.getenv("WINDLASS_DEBUG");
        if (debug != null && !debug.isEmpty()) {
            e.printStackTrace(err);
        }
        err.println(
                Visible.of(
                        "windlass itself is at fault: %s; please report it with what WINDLASS_DEBUG=1 prints"
                                .formatted(e.toString().replaceAll("\\s+", " "))));
        return FAILED;
    }

    @Override
    public void run() {
        CommandLine.usage(this, System.out);
    }
}
