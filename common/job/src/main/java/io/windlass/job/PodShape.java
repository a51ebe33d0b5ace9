package io.windlass.job;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The three ways to say what runs: one image, containers, or a whole pod spec. */
public sealed interface PodShape {
    record OneImage(
            String image,
            List<String> command,
            List<String> args,
            @Nullable String workingDir,
            List<EnvVar> env,
            Map<String, String> resources)
            implements PodShape {}

    record Containers(List<Map<String, @Nullable Object>> containers) implements PodShape {}

    record WholePod(Map<String, @Nullable Object> podSpec) implements PodShape {}
}
