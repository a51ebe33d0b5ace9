package io.windlass.standalone.localcluster;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a container writes, into a file as container runtimes keep it: each line with its time, long
 * ones in parts. A line is written once it is whole, too long to be held, or the last.
 */
final class ContainerOutput {
    private static final Logger LOG = LoggerFactory.getLogger(ContainerOutput.class);
    static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.nnnnnnnnn'Z'")
                    .withZone(ZoneOffset.UTC);
    static final int LONGEST_PART = 16 << 10;
    private static final int MESSAGE_BYTES = 2_048;

    private final InputStream from;
    private final Path log;
    private final Thread pump;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final byte[] end = new byte[MESSAGE_BYTES];
    private int ends;
    private byte[] prefix = {};

    private ContainerOutput(InputStream from, Path log) {
        this.from = from;
        this.log = log;
        // of the platform: reads of pipes would pin the carriers of virtual ones
        this.pump = Thread.ofPlatform().name("output").daemon().unstarted(this::pump);
    }

    static ContainerOutput of(Process process, Path log) {
        ContainerOutput output = new ContainerOutput(process.getInputStream(), log);
        output.pump.start();
        return output;
    }

    private void pump() {
        byte[] buffer = new byte[64 << 10];
        try (OutputStream out =
                new BufferedOutputStream(
                        Files.newOutputStream(
                                log, StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                        buffer.length)) {
            int n;
            while ((n = from.read(buffer)) >= 0) {
                take(buffer, n, out);
                out.flush();
            }
            if (line.size() > 0) {
                part('P', out);
            }
        } catch (IOException e) {
            LOG.debug("output of {}: {}", log, e.toString());
        }
    }

    private void take(byte[] buffer, int length, OutputStream out) throws IOException {
        remember(buffer, length);
        prefix = (TIME.format(Instant.now()) + " stdout ").getBytes(StandardCharsets.US_ASCII);
        int from = 0;
        while (from < length) {
            int to = endOfPart(buffer, from, length);
            line.write(buffer, from, to - from);
            boolean whole = to < length && buffer[to] == '\n';
            if (whole) {
                part('F', out);
            } else if (line.size() == LONGEST_PART) {
                part('P', out);
            }
            from = whole ? to + 1 : to;
        }
    }

    /** At the newline, or where the part is full, or where the buffer ends. */
    private int endOfPart(byte[] buffer, int from, int length) {
        int most = Math.min(length, from + LONGEST_PART - line.size());
        for (int i = from; i < most; i++) {
            if (buffer[i] == '\n') {
                return i;
            }
        }
        return most;
    }

    private void remember(byte[] buffer, int length) {
        int more = Math.min(length, MESSAGE_BYTES);
        int kept = Math.min(ends, MESSAGE_BYTES - more);
        System.arraycopy(end, ends - kept, end, 0, kept);
        System.arraycopy(buffer, length - more, end, kept, more);
        ends = kept + more;
    }

    private void part(char tag, OutputStream out) throws IOException {
        out.write(prefix);
        out.write(tag);
        out.write(' ');
        line.writeTo(out);
        out.write('\n');
        line.reset();
    }

    /** All that was written is in the file then; what survives its container does not count. */
    void awaitEnd(Duration most) throws InterruptedException, IOException {
        if (!pump.join(most)) {
            from.close();
            pump.join(most);
        }
    }

    /** The last of it, as a message. */
    String end() {
        return new String(end, 0, ends, StandardCharsets.UTF_8);
    }
}
