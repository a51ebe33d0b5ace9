package io.windlass.web;

import io.windlass.log.Piece;
import io.windlass.log.StampedLines;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** How a log is written into an answer. */
sealed interface LogFormat permits LogFormat.Text, LogLines {
    byte[] of(Piece piece);

    /** Null where the answer is to end here. */
    byte @Nullable [] of(LogSource.Part.Missing missing);

    byte[] of(LogSource.Part.End end);

    /** As it was written; with the time before each line where that is wanted. */
    final class Text implements LogFormat {
        private final boolean timestamps;
        private final boolean raw;
        private boolean lineBegun;
        private boolean begun;

        Text(boolean timestamps, boolean raw) {
            this.timestamps = timestamps;
            this.raw = raw;
        }

        @Override
        public byte[] of(Piece piece) {
            begun |= piece.length() > 0;
            if (!timestamps) {
                byte[] content = piece.content();
                lineBegun = content.length > 0 && content[content.length - 1] != '\n';
                return content;
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream(piece.length() * 2);
            int at = 0;
            for (int i = 0; i < piece.lines(); i++) {
                piece.write(at, piece.start(i), out);
                out.writeBytes(
                        (StampedLines.instant(piece.time(i)) + " ")
                                .getBytes(StandardCharsets.UTF_8));
                at = piece.start(i);
            }
            piece.write(at, piece.length(), out);
            return out.toByteArray();
        }

        @Override
        public byte @Nullable [] of(LogSource.Part.Missing missing) {
            if (raw) {
                boolean unknown = missing.to() == missing.from();
                return unknown || !begun ? new byte[0] : null;
            }
            String what =
                    missing.to() > missing.from()
                            ? (missing.to() - missing.from()) + " bytes are left out here: "
                            : "something may be missing here: ";
            String mark = "[windlass: " + what + missing.why() + "]\n";
            return ((lineBegun ? "\n" : "") + mark).getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public byte[] of(LogSource.Part.End end) {
            return new byte[0];
        }
    }
}
