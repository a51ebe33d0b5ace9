package io.windlass.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A wire that can be cut, held and made slow. */
public final class TcpProxy implements AutoCloseable {
    public enum Mode {
        PASS,
        /** What is open breaks, nothing new gets through. */
        CUT,
        /** Nothing breaks and nothing gets through; what was sent comes when it is over. */
        HOLD,
        /** Everything comes, late. */
        LATE
    }

    private static final Duration LATENESS = Duration.ofMillis(700);

    private static final Logger LOG = System.getLogger(TcpProxy.class.getName());

    private final ServerSocket server;
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final AtomicLong held = new AtomicLong();
    private Mode mode = Mode.PASS;

    public TcpProxy(int target) throws IOException {
        this.target = target;
        this.server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** How many bytes have been taken from one side and wait to be given to the other. */
    public long held() {
        return held.get();
    }

    public void set(Mode wanted) {
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
                LOG.log(Level.DEBUG, "closed, or the one who called has gone", e);
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
                held.addAndGet(read);
                Mode now = gate();
                held.addAndGet(-read);
                if (now == Mode.CUT) {
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
