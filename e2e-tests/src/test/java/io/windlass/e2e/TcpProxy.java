package io.windlass.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A wire that can be cut, held and made slow. */
final class TcpProxy implements AutoCloseable {
    enum Mode {
        PASS,
        /** What is open breaks, nothing new gets through. */
        CUT,
        /** Nothing breaks and nothing gets through; what was sent comes when it is over. */
        HOLD,
        /** Everything comes, late. */
        LATE
    }

    private static final Duration LATENESS = Duration.ofMillis(700);

    private final ServerSocket server;
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Mode mode = Mode.PASS;

    TcpProxy(int target) throws IOException {
        this.target = target;
        this.server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    void set(Mode wanted) {
        lock.lock();
        try {
            mode = wanted;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (wanted == Mode.CUT) {
            sockets.forEach(TcpProxy::close);
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                Thread.ofVirtual().start(() -> connect(client));
            } catch (IOException e) {
                // closed, or the one who called has gone
                continue;
            }
        }
    }

    private void connect(Socket client) {
        try {
            if (gate() == Mode.CUT) {
                client.close();
                return;
            }
            Socket upstream = new Socket(InetAddress.getLoopbackAddress(), target);
            sockets.add(client);
            sockets.add(upstream);
            Thread.ofVirtual().start(() -> pump(client, upstream));
            pump(upstream, client);
        } catch (IOException | InterruptedException e) {
            close(client);
        }
    }

    /** Waits while nothing may get through. */
    private Mode gate() throws InterruptedException {
        lock.lock();
        try {
            long late = LATENESS.toNanos();
            while (mode == Mode.HOLD || (mode == Mode.LATE && late > 0)) {
                if (mode == Mode.HOLD) {
                    changed.await();
                } else {
                    late = changed.awaitNanos(late);
                }
            }
            return mode;
        } finally {
            lock.unlock();
        }
    }

    private void pump(Socket from, Socket to) {
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            byte[] buffer = new byte[16_384];
            int read = in.read(buffer);
            while (read >= 0) {
                if (gate() == Mode.CUT) {
                    return;
                }
                out.write(buffer, 0, read);
                read = in.read(buffer);
            }
        } catch (IOException | InterruptedException e) {
            // one side has gone, so the other goes
            return;
        } finally {
            close(from);
            close(to);
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is closed
            return;
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        set(Mode.CUT);
    }
}
