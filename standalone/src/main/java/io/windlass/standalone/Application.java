package io.windlass.standalone;

import java.io.IOException;
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
            String address = "http://127.0.0.1:" + standalone.port();
            StoredAddress stored = StoredAddress.write(options.data(), address);
            Runtime.getRuntime()
                    .addShutdownHook(
                            new Thread(() -> {
                                standalone.close();
                                remove(stored);
                                System.out.println("Windlass has stopped");
                                stopped.countDown();
                            }));
            endWithParent();
            welcome(options, address);
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

    private static void remove(StoredAddress stored) {
        try {
            stored.remove();
        } catch (IOException e) {
            System.err.println("Its address stays in the data folder: " + e);
        }
    }

    private static void welcome(Options options, String address) {
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
