package io.windlass.store;

import io.windlass.json.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a row has as the text of an object. Total: whatever stands there, the row can be shown and
 * handled.
 *
 * @param tree empty where it cannot be read
 * @param unreadable why it cannot be read
 */
record StoredTree(Map<String, @Nullable Object> tree, @Nullable String unreadable) {
    /**
     * More is not fetched: of the rows of versions that stored no text, a few bytes may print as
     * many megabytes.
     */
    private static final int LONGEST = 4 << 20;

    /** Of a column of JSON in which a version before this one wrote; cut where it is too long. */
    static String printed(String column) {
        return "left(" + column + "::text, " + LONGEST + ")";
    }

    static StoredTree of(@Nullable String text) {
        if (text == null) {
            return new StoredTree(Map.of(), "there is no text");
        }
        try {
            return new StoredTree(Json.object(text), null);
        } catch (IllegalArgumentException e) {
            return new StoredTree(Map.of(), e.getMessage());
        }
    }
}
