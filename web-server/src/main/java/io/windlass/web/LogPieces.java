package io.windlass.web;

import io.windlass.log.LogObjects;
import io.windlass.log.Piece;
import io.windlass.store.LogShelf;
import jakarta.inject.Singleton;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Pieces of logs, from where they are stored and from whoever follows them. */
@Singleton
final class LogPieces {
    private static final int LARGEST = 16 << 20;

    private final LogShelf shelf;
    private final LogObjects objects;
    private final Gateways gateways;

    LogPieces(LogShelf shelf, LogObjects objects, Gateways gateways) {
        this.shelf = shelf;
        this.objects = objects;
        this.gateways = gateways;
    }

    LogShelf shelf() {
        return shelf;
    }

    Gateways gateways() {
        return gateways;
    }

    /** Empty where its log was shortened or forgotten meanwhile. */
    Optional<Piece> load(LogShelf.PieceAt at) {
        return objects.get(at.key()).map(Piece::decoded);
    }

    /** What is not stored yet, as far as it is there now. */
    List<Piece> unstored(LogShelf.StoredLog log) throws InterruptedException {
        List<Piece> pieces = new ArrayList<>();
        Optional<InputStream> live = gateways.live(log, log.bytes(), false);
        if (live.isPresent()) {
            try (DataInputStream in = new DataInputStream(live.get())) {
                while (true) {
                    next(in).ifPresent(pieces::add);
                }
            } catch (EOFException e) {
                return pieces;
            } catch (IOException e) {
                return pieces;
            }
        }
        return pieces;
    }

    /** Empty for a sign of life. */
    static Optional<Piece> next(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > LARGEST) {
            throw new IOException("no piece is as long as " + length);
        }
        if (length == 0) {
            return Optional.empty();
        }
        byte[] encoded = in.readNBytes(length);
        if (encoded.length < length) {
            throw new EOFException("a piece is cut off");
        }
        return Optional.of(Piece.decoded(encoded));
    }
}
