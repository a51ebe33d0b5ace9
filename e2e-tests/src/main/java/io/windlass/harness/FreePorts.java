package io.windlass.harness;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports for services that begin to listen some seconds later, or again after a kill. They lie below
 * those that the system gives to outgoing connections: one of these would take the port meanwhile.
 */
final class FreePorts {
    private static final int FIRST = 12_000;
    private static final int OF_ONE_JVM = 1_000;
    private static final int JVMS = 16;
    private static final int BASE =
            FIRST + (int) (ProcessHandle.current().pid() % JVMS) * OF_ONE_JVM;
    private static final AtomicInteger NEXT = new AtomicInteger();

    private FreePorts() {}

    /** Another one each time, until all were given. */
    static int next() throws IOException {
        for (int i = 0; i < OF_ONE_JVM; i++) {
            int port = BASE + Math.floorMod(NEXT.getAndIncrement(), OF_ONE_JVM);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IOException("no free port from " + BASE + " to " + (BASE + OF_ONE_JVM - 1));
    }

    private static boolean isFree(int port) {
        try (ServerSocket _ = new ServerSocket(port)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
