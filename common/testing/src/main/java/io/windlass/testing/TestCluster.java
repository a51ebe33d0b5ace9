package io.windlass.testing;

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
        return path == null || path.isBlank() ? Optional.empty() : Optional.of(Path.of(path));
    }

    /**
     * What starts and stops the cluster's parts ({@code compact}, {@code restart --kill NAME});
     * said if it is missing.
     */
    public static Optional<Path> tool() {
        String path = System.getenv("WINDLASS_TEST_CLUSTER_TOOL");
        if (path == null || path.isBlank()) {
            System.out.println(
                    "[windlass tests] LEFT OUT for want of a cluster that may be restarted"
                            + " (WINDLASS_TEST_CLUSTER_TOOL is not set): "
                            + caller());
            return Optional.empty();
        }
        return Optional.of(Path.of(path));
    }

    /** For {@code @EnabledIf}: prints what is left out, so that nobody takes silence for a pass. */
    public static boolean available() {
        boolean available = kubeconfig().isPresent();
        if (!available) {
            System.out.println(
                    "[windlass tests] LEFT OUT for want of a cluster ("
                            + VARIABLE
                            + " is not set): "
                            + caller());
        }
        return available;
    }

    private static String caller() {
        return StackWalker.getInstance()
                .walk(frames ->
                        frames.map(StackWalker.StackFrame::getClassName)
                                .filter(n -> n.startsWith("io.windlass."))
                                .filter(n -> !n.equals(TestCluster.class.getName()))
                                .findFirst()
                                .orElse("Kubernetes tests"));
    }
}
