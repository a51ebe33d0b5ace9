package io.windlass.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

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
            ListCommand.class,
            WatchCommand.class,
            EventsCommand.class,
            LogsCommand.class,
            RunCommand.class,
            CancelCommand.class,
            ProblemsCommand.class,
            DoctorCommand.class,
            ClusterCommand.class,
            ApplyCommand.class,
            ScheduleCommand.class,
            ContextCommand.class,
            CompletionCommand.class,
            VersionCommand.class
        })
public final class Main implements Runnable {
    public static void main(String[] args) {
        System.exit(run(args));
    }

    static int run(String... args) {
        return commandLine().execute(args);
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Main());
        line.setExecutionExceptionHandler((e, command, parsed) -> {
            if (e instanceof Refusal) {
                command.getErr().println(Visible.of(e.getMessage()));
                return 1;
            }
            throw e;
        });
        return line;
    }

    @Override
    public void run() {
        CommandLine.usage(this, System.out);
    }
}
