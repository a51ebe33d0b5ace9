package io.windlass.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** `windlass up`. */
public final class Application {
    private Application() {}

    public static void main(String[] args) throws InterruptedException {
        CountDownLatch stopped = new CountDownLatch(1);
        try {
            Options options = Options.parse(args);
            Standalone standalone = Standalone.start(options);
            Runtime.getRuntime()
                    .addShutdownHook(
                            new Thread(() -> {
                                standalone.close();
                                System.out.println("Windlass has stopped");
                                stopped.countDown();
                            }));
            endWithParent();
            welcome(options, standalone.port());
        } catch (Exception e) {
            System.err.println("Windlass cannot start: " + e.getMessage());
            System.exit(1);
        }
        stopped.await();
    }

    /**
     * The command line that began this may be killed; then nobody would know of this process any
     * more.
     */
    private static void endWithParent() {
        Long parent = Long.getLong("windlass.parent");
        if (parent != null) {
            Thread.ofPlatform()
                    .daemon()
                    .start(() -> {
                        ProcessHandle.of(parent).ifPresent(p -> p.onExit().join());
                        System.exit(0);
                    });
        }
    }

    private static void welcome(Options options, int port) throws IOException {
        String address = "http://127.0.0.1:" + port;
        // where the command line looks when it is not told a server
        Files.writeString(options.data().resolve("address"), address + "\n");
        System.out.println(
                options.realCluster()
                        ? "Jobs go to the Kubernetes cluster of "
                                + (options.kubeconfig() == null
                                        ? "context " + options.context()
                                        : options.kubeconfig())
                        : "Jobs run as processes of this machine: their images are not pulled and nothing confines them.");
        System.out.println("Data is kept in " + options.data());
        Path header = options.data().resolve("auth-header");
        System.out.println("Calls need the header in " + header + ":");
        System.out.println("  curl -H @" + header + " " + address + "/api/v1/jobs");
        System.out.println("Windlass is ready on " + address);
    }
}
