package io.windlass.objects;

import io.windlass.log.LogObjects;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;

/** Each piece an object. */
final class S3LogObjects implements LogObjects, AutoCloseable {
    private static final int MOST_DELETED_AT_ONCE = 1_000;

    private final S3Client s3;
    private final String bucket;
    private final String prefix;
    private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();

    S3LogObjects(S3Client s3, String bucket, String prefix) {
        this.s3 = s3;
        this.bucket = bucket;
        this.prefix = prefix;
    }

    /** At once: one after the other would take as many round trips as there are. */
    @Override
    public void put(Map<String, byte[]> objects) {
        List<Callable<Boolean>> puts = new ArrayList<>();
        objects.forEach((key, data) -> puts.add(() -> put(key, data)));
        try {
            for (Future<Boolean> done : calls.invokeAll(puts)) {
                done.get();
            }
        } catch (ExecutionException e) {
            throw new AwayException("pieces of logs cannot be put into " + bucket, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AwayException("interrupted", e);
        }
    }

    private boolean put(String key, byte[] data) {
        s3.putObject(r -> r.bucket(bucket).key(prefix + key), RequestBody.fromBytes(data));
        return true;
    }

    @Override
    public Optional<byte[]> get(String key) {
        try {
            return Optional.of(
                    s3.getObjectAsBytes(r -> r.bucket(bucket).key(prefix + key)).asByteArray());
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        } catch (SdkException e) {
            throw new AwayException("a piece of a log cannot be got from " + bucket, e);
        }
    }

    @Override
    public void delete(Collection<String> keys) {
        List<ObjectIdentifier> all =
                keys.stream()
                        .map(key -> ObjectIdentifier.builder().key(prefix + key).build())
                        .toList();
        for (int i = 0; i < all.size(); i += MOST_DELETED_AT_ONCE) {
            deleteSome(all.subList(i, Math.min(all.size(), i + MOST_DELETED_AT_ONCE)));
        }
    }

    private void deleteSome(List<ObjectIdentifier> some) {
        try {
            DeleteObjectsResponse answer =
                    s3.deleteObjects(
                            r -> r.bucket(bucket).delete(d -> d.objects(some).quiet(true)));
            if (answer.hasErrors() && !answer.errors().isEmpty()) {
                throw new IllegalStateException(answer.errors().getFirst().toString());
            }
        } catch (SdkException | IllegalStateException e) {
            throw new AwayException("pieces of logs cannot be deleted from " + bucket, e);
        }
    }

    @Override
    public void close() {
        calls.close();
        s3.close();
    }
}
