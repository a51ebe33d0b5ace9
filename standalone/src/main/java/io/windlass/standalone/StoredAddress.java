package io.windlass.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The address in the data folder, where the command line looks when it is not told a server. */
final class StoredAddress {
    private final Path file;
    private final String line;

    private StoredAddress(Path file, String line) {
        this.file = file;
        this.line = line;
    }

    static StoredAddress write(Path data, String address) throws IOException {
        StoredAddress stored = new StoredAddress(data.resolve("address"), address + "\n");
        Files.writeString(stored.file, stored.line);
        return stored;
    }

    /** Unless another one has come meanwhile. */
    void remove() throws IOException {
        if (Files.exists(file) && Files.readString(file).equals(line)) {
            Files.delete(file);
        }
    }
}
