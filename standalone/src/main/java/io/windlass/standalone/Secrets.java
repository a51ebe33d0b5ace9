package io.windlass.standalone;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Properties;
import java.util.UUID;

/** Who this installation is, made at its first start and kept, readable by nobody else. */
record Secrets(UUID id, String key, String token, String databasePassword) {
    private static final String OWNER_ONLY = "rw-------";

    static Secrets of(Path data) throws IOException {
        Path file = data.resolve("installation.properties");
        if (!Files.exists(file)) {
            write(
                    file,
                    """
                    id=%s
                    key=%s
                    token=%s
                    databasePassword=%s
                    """
                            .formatted(UUID.randomUUID(), random(), random(), random()));
        }
        Properties known = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            known.load(reader);
        }
        Secrets secrets =
                new Secrets(
                        UUID.fromString(known.getProperty("id")),
                        known.getProperty("key"),
                        known.getProperty("token"),
                        known.getProperty("databasePassword"));
        write(data.resolve("auth-header"), "Authorization: Bearer " + secrets.token() + "\n");
        return secrets;
    }

    private static String random() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** In one step: who is killed in the middle leaves no half of a file. */
    static void write(Path file, String text) throws IOException {
        Path made =
                Files.createTempFile(
                        file.toAbsolutePath().getParent(),
                        "new",
                        "",
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString(OWNER_ONLY)));
        Files.writeString(made, text);
        Files.move(made, file, StandardCopyOption.REPLACE_EXISTING);
    }
}
