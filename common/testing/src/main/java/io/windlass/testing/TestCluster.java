package io.windlass.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The cluster that {@code WINDLASS_TEST_KUBECONFIG} names. Tests left out for want of one say so.
 */
public final class TestCluster {
    public static final String VARIABLE = "WINDLASS_TEST_KUBECONFIG";

    private TestCluster() {}

    public static Optional<Path> kubeconfig() {
        String path = System.getenv(VARIABLE);
        if (path == null || path.isBlank()) {
            return Optional.empty();
        }
        if (!Files.isReadable(Path.of(path))) {
            throw new IllegalStateException(VARIABLE + " names " + path + ", which cannot be read");
        }
        return Optional.of(Path.of(path));
    }

    /**
     * What starts and stops the cluster's parts ({@code compact}, {@code restart --kill NAME});
     * said if it is missing.
     */
    public static Optional<Path> tool() {
        String path = System.getenv("WINDLASS_TEST_CLUSTER_TOOL");
        boolean there = path != null && !path.isBlank();
        LeftOut.unless(
                there, "a cluster that may be restarted (WINDLASS_TEST_CLUSTER_TOOL is not set)");
        return there ? Optional.of(Path.of(path)) : Optional.empty();
    }

    /** For {@code @EnabledIf}: prints what is left out, so that nobody takes silence for a pass. */
    public static boolean available() {
        return LeftOut.unless(kubeconfig().isPresent(), "a cluster (" + VARIABLE + " is not set)");
    }
}
