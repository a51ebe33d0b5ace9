package io.windlass.cluster;

import io.fabric8.kubernetes.api.model.Config;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Collection;

/** The files that kubectl reads: {@code $KUBECONFIG}, else the one in the home directory. */
final class KubeconfigFiles {
    private KubeconfigFiles() {}

    /** The first that knows the context. */
    static File with(String context, Collection<String> names) {
        return names.stream()
                .map(File::new)
                .filter(File::canRead)
                .filter(file -> knows(file, context))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalStateException(
                                "there is no context " + context + " in " + names));
    }

    private static boolean knows(File file, String context) {
        try (InputStream in = Files.newInputStream(file.toPath())) {
            Config config = new KubernetesSerialization().unmarshal(in, Config.class);
            return SeenReader.orEmpty(config.getContexts()).stream()
                    .anyMatch(known -> context.equals(known.getName()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
