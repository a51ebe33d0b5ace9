package io.windlass.harness;

import io.windlass.testing.LeftOut;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * A registry whose repository names choose how a pull goes wrong; docs/testing.md has the names.
 * The tests start it in their own process where the nodes reach this machine by 127.0.0.1.
 */
public final class FailingRegistry {
    public static final String VARIABLE = "WINDLASS_TEST_FAIL_REGISTRY";

    private static final String REGISTRY = "WINDLASS_TEST_REGISTRY";
    private static final String NOT_FOUND_IMAGE = "WINDLASS_TEST_NOT_FOUND_IMAGE";
    private static final String LOOPBACK = "127.0.0.1";
    private static final String USAGE =
            """
            usage: FailingRegistry --port PORT --registry HOST:PORT [--host ADDRESS]

              --port      where it listens
              --registry  the real registry, without TLS, that has library/busybox:1.36
              --host      the address it listens on; 127.0.0.1 if it is not given
            """;

    private FailingRegistry() {}

    /** Host and port, as an image's name begins; nothing where the tests have none. */
    public static Optional<String> address() {
        return Started.ADDRESS;
    }

    /** The image that no registry has. */
    public static String notFoundImage() {
        return notFoundImage(System.getenv(), address());
    }

    static String notFoundImage(Map<String, String> environment, Optional<String> address) {
        return set(environment, NOT_FOUND_IMAGE)
                .or(() -> address.map(host -> host + "/status-404/x:1"))
                .orElse("busybox:no-such-tag");
    }

    /** The real registry, if it is on this machine, as its nodes then are. */
    static Optional<String> registryHere(Map<String, String> environment) {
        return set(environment, REGISTRY)
                .filter(host -> host.matches("(localhost|127(\\.\\d+){3}|\\[::1])(:\\d+)?"));
    }

    private static Optional<String> set(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    /** One for all tests of a JVM; it ends with the JVM. */
    private static final class Started {
        static final Optional<String> ADDRESS = find(System.getenv());

        private static Optional<String> find(Map<String, String> environment) {
            Optional<String> address =
                    set(environment, VARIABLE)
                            .or(() -> registryHere(environment).map(FailingRegistry::startBeside));
            LeftOut.unless(
                    address.isPresent(),
                    "a registry that fails (%s is not set, and %s is not on this machine)"
                            .formatted(VARIABLE, REGISTRY));
            return address;
        }
    }

    private static String startBeside(String registry) {
        try {
            FailingRegistryServer server =
                    FailingRegistryServer.start(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                            uri(registry));
            return LOOPBACK + ":" + server.port();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static URI uri(String registry) {
        return URI.create("http://" + registry);
    }

    record Options(String host, int port, String registry) {
        static Options of(String... words) {
            String host = LOOPBACK;
            String registry = "";
            int port = -1;
            for (int i = 0; i < words.length; i += 2) {
                if (i + 1 == words.length) {
                    throw new IllegalArgumentException(words[i] + " has no value");
                }
                String value = words[i + 1];
                switch (words[i]) {
                    case "--host" -> host = value;
                    case "--registry" -> registry = value;
                    case "--port" -> port = port(value);
                    default -> throw new IllegalArgumentException("no option " + words[i]);
                }
            }
            if (port < 0 || registry.isBlank()) {
                throw new IllegalArgumentException("--port and --registry must be given");
            }
            return new Options(host, port, registry);
        }

        private static int port(String value) {
            if (!value.matches("\\d{1,5}") || Integer.parseInt(value) > 65_535) {
                throw new IllegalArgumentException("--port takes a port, and not " + value);
            }
            return Integer.parseInt(value);
        }
    }

    /** For clusters whose nodes are elsewhere; it runs until it is stopped. */
    public static void main(String... words) throws IOException, InterruptedException {
        Options options;
        try {
            options = Options.of(words);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + "\n\n" + USAGE);
            System.exit(2);
            return;
        }
        InetAddress host = InetAddress.getAllByName(options.host())[0];
        FailingRegistryServer server =
                FailingRegistryServer.start(
                        new InetSocketAddress(host, options.port()), uri(options.registry()));
        System.out.printf(
                "The failing registry listens on %s:%d; the real one is %s.%n",
                options.host(), server.port(), options.registry());
        Thread.currentThread().join();
    }
}
