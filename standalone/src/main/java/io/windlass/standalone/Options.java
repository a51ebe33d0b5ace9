package io.windlass.standalone;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What `up` was told. */
record Options(
        int port,
        Path data,
        @Nullable Path kubeconfig,
        @Nullable String context,
        List<String> namespaces) {

    static final int DEFAULT_PORT = 8080;

    static Options parse(String... args) {
        int port = DEFAULT_PORT;
        Path data = Path.of(".windlass");
        Path kubeconfig = null;
        String context = null;
        List<String> namespaces = new ArrayList<>();
        Iterator<String> words = Arrays.asList(args).iterator();
        while (words.hasNext()) {
            String option = words.next();
            if (!words.hasNext()) {
                throw new IllegalArgumentException(option + " needs a value");
            }
            String value = words.next();
            switch (option) {
                case "--port" -> port = port(value);
                case "--data" -> data = Path.of(value);
                case "--kubeconfig" -> kubeconfig = Path.of(value).toAbsolutePath();
                case "--context" -> context = value;
                case "--namespaces" -> namespaces.addAll(List.of(value.split(",", -1)));
                default -> throw new IllegalArgumentException("there is no option " + option);
            }
        }
        return new Options(
                port, data.toAbsolutePath().normalize(), kubeconfig, context, namespaces);
    }

    private static int port(String value) {
        if (!value.matches("\\d{1,5}") || Integer.parseInt(value) > 65_535) {
            throw new IllegalArgumentException("--port must be from 0 to 65535");
        }
        return Integer.parseInt(value);
    }

    boolean realCluster() {
        return kubeconfig != null || context != null;
    }
}
