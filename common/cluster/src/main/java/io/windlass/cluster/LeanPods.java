package io.windlass.cluster;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.windlass.job.JobIdentity;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Pods without what no decision reads: a tenth of what they are. */
final class LeanPods extends BasicItemStore<Pod> {
    LeanPods() {
        super(pod -> pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName());
    }

    @Override
    public @Nullable Pod put(String key, Pod pod) {
        lean(pod);
        return super.put(key, pod);
    }

    private static void lean(Pod pod) {
        ObjectMeta meta = pod.getMetadata();
        meta.setManagedFields(List.of());
        String trace = SeenReader.traceparent(pod);
        meta.setAnnotations(trace == null ? Map.of() : Map.of(JobIdentity.TRACEPARENT, trace));
        PodSpec spec = pod.getSpec();
        if (spec != null) {
            spec.setVolumes(List.of());
            spec.setTolerations(List.of());
            SeenReader.orEmpty(spec.getInitContainers()).forEach(LeanPods::lean);
            SeenReader.orEmpty(spec.getContainers()).forEach(LeanPods::lean);
        }
    }

    private static void lean(Container container) {
        container.setEnv(List.of());
        container.setEnvFrom(List.of());
        container.setVolumeMounts(List.of());
        container.setCommand(List.of());
        container.setArgs(List.of());
    }
}
