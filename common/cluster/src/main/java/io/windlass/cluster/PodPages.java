package io.windlass.cluster;

import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.windlass.job.JobId;
import java.util.List;
import java.util.function.Consumer;

/** The pods that bear the labels of a job, in portions for which memory is asked before. */
final class PodPages {
    /** Most jobs have fewer pods. */
    private static final int FIRST = 20;

    private static final int NEXT = 100;

    /** As text and as an object. */
    private static final long BYTES_OF_A_POD = 64 << 10;

    private final KubernetesClient client;
    private final Ours ours;
    private final Room room;

    PodPages(KubernetesClient client, Ours ours, Room room) {
        this.client = client;
        this.ours = ours;
        this.room = room;
    }

    /**
     * Of each page only what the consumer makes of it may be kept: a job may have thousands that
     * have ended.
     *
     * @return the version of the cluster by which the first page was made
     */
    long forEach(String namespace, JobId jobId, Consumer<List<Pod>> consumer) {
        var pods = client.pods().inNamespace(namespace).withLabels(ours.of(jobId));
        long version = Long.MAX_VALUE;
        long limit = FIRST;
        String next = null;
        do {
            try (Room.Held _ = room.await(limit * BYTES_OF_A_POD)) {
                PodList page =
                        pods.list(
                                new ListOptionsBuilder()
                                        .withLimit(limit)
                                        .withContinue(next)
                                        .build());
                consumer.accept(page.getItems());
                version = Math.min(version, SeenReader.version(page.getMetadata()));
                next = page.getMetadata() == null ? null : page.getMetadata().getContinue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new KubernetesClientException("interrupted", e);
            }
            limit = NEXT;
        } while (next != null && !next.isEmpty());
        return version;
    }
}
