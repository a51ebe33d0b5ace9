package io.windlass.web;

import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who calls, and which namespaces are theirs. Null means all. */
record Caller(String name, @Nullable Set<String> namespaces) {
    static final String ATTRIBUTE = "windlass.caller";

    boolean may(String namespace) {
        return namespaces == null || namespaces.contains(namespace);
    }

    @Nullable Collection<String> visible() {
        return namespaces;
    }
}
