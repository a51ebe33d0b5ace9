package io.windlass.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Requests to the API server, as its audit log has them from a moment on. */
record Requests(Path audit, long from) {
    static Requests until(Path audit) throws IOException {
        return new Requests(audit, Files.size(audit));
    }

    /** That had to do with a namespace. */
    long since(String namespace) throws IOException {
        try (SeekableByteChannel file = Files.newByteChannel(audit)) {
            file.position(from);
            BufferedReader lines =
                    new BufferedReader(
                            new InputStreamReader(
                                    Channels.newInputStream(file), StandardCharsets.UTF_8));
            return lines.lines()
                    .filter(line -> line.contains("\"stage\":\"ResponseComplete\""))
                    .filter(line -> line.contains("\"namespace\":\"" + namespace + "\""))
                    .count();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
