package io.windlass.testing;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Held by a test while it changes what all tests of a cluster share: cordons and labels of nodes,
 * quotas, a restart of the control plane. Other processes on this machine wait for it.
 */
public final class ClusterLock implements AutoCloseable {
    private static final Pattern SERVER = Pattern.compile("(?m)^\\s*-?\\s*server:\\s*(\\S+)");

    /** A lock of a file is one of the JVM; its threads need one of their own. */
    private static final Semaphore OF_THIS_JVM = new Semaphore(1);

    private final FileChannel channel;

    private ClusterLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Waits until nobody else holds the lock of the cluster that tests use. */
    public static ClusterLock take() throws IOException {
        return take(fileFor(Files.readString(TestCluster.kubeconfig().orElseThrow())));
    }

    static ClusterLock take(Path file) throws IOException {
        OF_THIS_JVM.acquireUninterruptibly();
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            // it ends with its channel, and with a process that is killed
            channel.lock();
            return new ClusterLock(channel);
        } catch (IOException | RuntimeException e) {
            try (FileChannel _ = channel) {
                OF_THIS_JVM.release();
            }
            throw e;
        }
    }

    /** By the server, so that two kubeconfigs of one cluster share the lock. */
    static Path fileFor(String kubeconfig) {
        Matcher server = SERVER.matcher(kubeconfig);
        if (!server.find()) {
            throw new IllegalArgumentException("the kubeconfig names no server");
        }
        return Path.of(
                System.getProperty("java.io.tmpdir"),
                "windlass-test-" + server.group(1).replaceAll("[^A-Za-z0-9.]+", "-") + ".lock");
    }

    @Override
    public void close() throws IOException {
        if (!channel.isOpen()) {
            return;
        }
        // first the file: the next thread of this JVM asks for it at once
        try {
            channel.close();
        } finally {
            OF_THIS_JVM.release();
        }
    }
}
