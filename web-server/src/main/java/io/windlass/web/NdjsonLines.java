package io.windlass.web;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Lines of a body that may have no end: a portion at a time, each line bounded. */
final class NdjsonLines implements AutoCloseable {
    private static final int BUFFER = 64 * 1024;

    private final InputStream in;
    private final int longest;
    private int index;

    NdjsonLines(InputStream body, int longest) {
        this.in = new BufferedInputStream(body, BUFFER);
        this.longest = longest;
    }

    /**
     * Waits for one line, and takes what is there besides: whoever sends one and waits for its
     * result gets it. None at the end.
     */
    List<BatchCall.Line> next(int most) throws IOException {
        List<BatchCall.Line> lines = new ArrayList<>();
        boolean more = true;
        while (more && lines.size() < most && (lines.isEmpty() || in.available() > 0)) {
            more = read(lines);
        }
        return lines;
    }

    /** False at the end. Empty lines count, so that an index is the number of a line. */
    private boolean read(List<BatchCall.Line> into) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        boolean tooLong = false;
        int next = in.read();
        boolean any = next >= 0;
        while (next >= 0 && next != '\n') {
            if (line.size() <= longest) {
                line.write(next);
            } else {
                tooLong = true;
            }
            next = in.read();
        }
        if (tooLong) {
            into.add(new BatchCall.Line(index, null, BatchCall.tooLarge(longest)));
        } else if (!line.toString(StandardCharsets.UTF_8).isBlank()) {
            into.add(parsed(line.toByteArray()));
        }
        index += any ? 1 : 0;
        return next >= 0;
    }

    private BatchCall.Line parsed(byte[] line) {
        try {
            return new BatchCall.Line(index, JobsController.parse(line, longest), null);
        } catch (ProblemException e) {
            return new BatchCall.Line(index, null, e);
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
