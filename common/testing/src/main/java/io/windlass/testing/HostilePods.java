package io.windlass.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** Jobs that ask for what no job gets, a JSON object a line: the job, and the field to be named. */
public final class HostilePods {
    private HostilePods() {}

    public static List<String> lines() {
        var stream =
                Objects.requireNonNull(
                        HostilePods.class.getResourceAsStream("hostile-pods.ndjson"));
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
