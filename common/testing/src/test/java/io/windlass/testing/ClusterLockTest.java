package io.windlass.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterLockTest {
    @TempDir Path folder;

    @Test
    void shouldHoldTheFileUntilItIsClosed() throws IOException {
        Path file = folder.resolve("lock");
        try (FileChannel another =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            try (ClusterLock _ = ClusterLock.take(file)) {
                assertThatThrownBy(another::tryLock)
                        .isInstanceOf(OverlappingFileLockException.class);
            }
            try (FileLock free = another.tryLock()) {
                assertThat(free).isNotNull();
            }
        }
    }

    @Test
    void shouldLetAnotherThreadWaitUntilItIsClosed() throws Exception {
        Path file = folder.resolve("lock");
        CompletableFuture<ClusterLock> next = new CompletableFuture<>();
        try (ClusterLock _ = ClusterLock.take(file)) {
            Thread thread =
                    Thread.ofPlatform()
                            .start(() -> {
                                try {
                                    next.complete(ClusterLock.take(file));
                                } catch (IOException e) {
                                    next.completeExceptionally(e);
                                }
                            });
            while (thread.getState() != Thread.State.WAITING) {
                assertThat(next).isNotDone();
                Thread.onSpinWait();
            }
        }
        next.get(10, TimeUnit.SECONDS).close();
    }

    @Test
    void shouldBeOneForAllKubeconfigsOfAServer() {
        Path file =
                ClusterLock.fileFor("clusters:\n- cluster:\n    server: https://127.0.0.1:6443\n");
        assertThat(file.getFileName()).hasToString("windlass-test-https-127.0.0.1-6443.lock");
        assertThat(ClusterLock.fileFor("- cluster: \n  server: https://127.0.0.1:6443\nusers: []"))
                .isEqualTo(file);
    }

    @Test
    void shouldRefuseAKubeconfigWithoutAServer() {
        assertThatThrownBy(() -> ClusterLock.fileFor("users: []"))
                .hasMessageContaining("names no server");
    }
}
