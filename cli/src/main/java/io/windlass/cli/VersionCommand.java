package io.windlass.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code windlass version}. */
@Command(
        name = "version",
        description = "Says which version this is.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.class)
final class VersionCommand implements Callable<Integer>, IVersionProvider {
    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Objects.requireNonNull(spec).commandLine().getOut().println(getVersion()[0]);
        return 0;
    }

    @Override
    public String[] getVersion() throws IOException {
        Properties build = new Properties();
        try (InputStream in =
                VersionCommand.class.getResourceAsStream("/windlass-build.properties")) {
            build.load(Objects.requireNonNull(in));
        }
        return new String[] {
            "windlass " + build.getProperty("version") + " on Java " + Runtime.version().feature()
        };
    }
}
