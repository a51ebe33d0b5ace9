package io.windlass.store;

import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Whose database this is. */
public final class Installations {
    private static final String FIND = "select id, key_fingerprint from installation";
    private static final String MAKE =
            "insert into installation (id, key_fingerprint) values (:id, :key) on conflict do nothing";
    private static final String RENEW = "update installation set key_fingerprint = :key";

    private record Row(UUID id, String keyFingerprint) {}

    private final Database database;

    public Installations(Database database) {
        this.database = database;
    }

    /**
     * The first to come makes the row; afterwards the id and one of the keys must be those of the
     * row.
     *
     * @return what is wrong, or empty
     */
    public Optional<String> confirm(UUID id, String keyFingerprint, Set<String> previousKeys) {
        return database.transaction(handle -> {
            handle.createUpdate(MAKE).bind("id", id).bind("key", keyFingerprint).execute();
            Row row = row(handle);
            if (!row.id().equals(id)) {
                return Optional.of(
                        "this database belongs to installation " + row.id() + ", not to " + id);
            }
            if (row.keyFingerprint().equals(keyFingerprint)) {
                return Optional.<String>empty();
            }
            if (!previousKeys.contains(row.keyFingerprint())) {
                return Optional.of("the installation's key is not the one of this database");
            }
            handle.createUpdate(RENEW).bind("key", keyFingerprint).execute();
            return Optional.empty();
        });
    }

    private static Row row(Handle handle) {
        return handle.createQuery(FIND)
                .map((row, context) ->
                        new Row(row.getObject("id", UUID.class), row.getString("key_fingerprint")))
                .one();
    }
}
