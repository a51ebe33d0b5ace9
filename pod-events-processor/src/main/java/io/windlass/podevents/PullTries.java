package io.windlass.podevents;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which change of a pod tells that its kubelet has tried again to pull an image. */
final class PullTries {
    private PullTries() {}

    /** A container that waited to be tried again has failed again. */
    static boolean isAnother(Pod before, Pod now) {
        return waiting(now, "ErrImagePull")
                .anyMatch(name -> waiting(before, "ImagePullBackOff").anyMatch(name::equals));
    }

    private static Stream<String> waiting(Pod pod, String reason) {
        if (pod.getStatus() == null) {
            return Stream.of();
        }
        return Stream.of(
                        Optional.ofNullable(pod.getStatus().getInitContainerStatuses()),
                        Optional.ofNullable(pod.getStatus().getContainerStatuses()))
                .flatMap(Optional::stream)
                .flatMap(List::stream)
                .filter(status -> reason.equals(reason(status)))
                .map(ContainerStatus::getName);
    }

    private static @Nullable String reason(@Nullable ContainerStatus status) {
        return status == null || status.getState() == null || status.getState().getWaiting() == null
                ? null
                : status.getState().getWaiting().getReason();
    }
}
