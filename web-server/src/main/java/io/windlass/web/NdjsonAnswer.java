package io.windlass.web;

import io.windlass.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The results of a stream of lines, as a stream of lines. A portion is read, committed and answered
 * before the next is read, so that nothing grows and no transaction waits for a client.
 */
final class NdjsonAnswer implements Pulled.Source<byte[]> {
    private final NdjsonLines lines;
    private final BatchCall call;

    NdjsonAnswer(NdjsonLines lines, BatchCall call) {
        this.lines = lines;
        this.call = call;
    }

    @Override
    public byte @Nullable [] next() throws IOException {
        List<BatchCall.Line> portion = lines.next(BatchCall.PER_COMMIT);
        if (portion.isEmpty()) {
            return null;
        }
        StringBuilder out = new StringBuilder();
        for (Map<String, @Nullable Object> result : call.submit(portion)) {
            out.append(Json.write(result)).append('\n');
        }
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        try {
            lines.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
