package io.windlass.web;

import io.windlass.service.Pulled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The results of a stream of lines, as a stream of lines. A portion is read, committed and answered
 * before the next is read, so that nothing grows and no transaction waits for a client.
 */
final class NdjsonAnswer implements Pulled.Source<byte[]> {
    /** Small pieces: the server's side asks for some hundred pieces before a client reads one. */
    private static final int RESULTS_IN_A_PIECE = 16;

    private final NdjsonLines lines;
    private final BatchCall call;
    private final OpenBatches.Open place;
    private final Deque<String> ready = new ArrayDeque<>();

    NdjsonAnswer(NdjsonLines lines, BatchCall call, OpenBatches.Open place) {
        this.lines = lines;
        this.call = call;
        this.place = place;
    }

    @Override
    public byte @Nullable [] next() throws IOException, InterruptedException {
        if (ready.isEmpty()) {
            ready.addAll(call.submit(lines.next(BatchCall.PER_COMMIT)));
            lines.done();
        }
        StringBuilder piece = new StringBuilder();
        for (int i = 0; i < RESULTS_IN_A_PIECE && !ready.isEmpty(); i++) {
            piece.append(ready.remove()).append('\n');
        }
        return piece.isEmpty() ? null : piece.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        try (place) {
            lines.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
