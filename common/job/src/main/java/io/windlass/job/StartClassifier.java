package io.windlass.job;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tells from what is seen of a pod, or of a Job without pods, why it does not start. Pure and
 * total: any text at all gives an answer.
 */
public final class StartClassifier {
    private static final Pattern URL = Pattern.compile("https?://[^\\s\"]+");

    /** CRI-O names the tag apart from the image. */
    private static final Pattern TAG_BY_ITSELF = Pattern.compile("reading manifest \\S+ in ");

    private static final Pattern CLAIM_NOT_THERE =
            Pattern.compile("persistentvolumeclaim \"[^\"]*\" not found");

    private StartClassifier() {}

    /**
     * What holds it back.
     *
     * @param complete false where the cause is known only in part: what was known before tells more
     * @param image that cannot be had, where it is one
     * @param told how often events told it; 0 where the status itself says so
     */
    public record Diagnosis(
            WaitClass waitClass,
            String cause,
            boolean complete,
            @Nullable String image,
            long told) {
        private static Diagnosis of(WaitClass waitClass, String cause) {
            return new Diagnosis(waitClass, BoundedText.of(cause), true, null, 0);
        }

        boolean byEvents() {
            return told > 0;
        }
    }

    public static Optional<Diagnosis> classify(PodSeen pod) {
        if (pod.over() || pod.deletionAt() != null) {
            return Optional.empty();
        }
        Stream<Diagnosis> status =
                pod.containers().stream().map(StartClassifier::container).flatMap(Optional::stream);
        return Stream.concat(status, events(pod).stream())
                .min(Comparator.comparing(Diagnosis::waitClass))
                .or(() -> scheduling(pod));
    }

    /** What it shows is a verdict by itself: somebody may wait for it. */
    public static boolean isFinal(PodSeen pod) {
        return classify(pod)
                .filter(told -> told.waitClass() == WaitClass.IMAGE_NAME_INVALID)
                .isPresent();
    }

    /**
     * Why a Job has no pods.
     *
     * @param quotas what they allow now, by name
     */
    static Optional<Diagnosis> classify(
            List<EventSeen> events, Map<String, Map<String, String>> quotas) {
        return events.stream()
                .findFirst()
                .flatMap(newest ->
                        EventSignals.meaning(newest)
                                .map(means ->
                                        means == WaitClass.QUOTA_EXCEEDED
                                                ? quota(newest.message(), quotas)
                                                : means)
                                .map(means -> told(means, newest, events)));
    }

    private static WaitClass quota(String message, Map<String, Map<String, String>> quotas) {
        return QuotaText.tooMuchForAnEmptyNamespace(message, quotas)
                ? WaitClass.QUOTA_EXCEEDED
                : WaitClass.WAITING_FOR_ROOM;
    }

    /** A sandbox is made after the volumes: a failure of it says that those are there. */
    private static Optional<Diagnosis> events(PodSeen pod) {
        if (pod.sandboxStands()) {
            return Optional.empty();
        }
        List<EventSeen> events = pod.told().events();
        boolean sandboxIsNewest =
                events.stream()
                        .filter(event -> EventSignals.meaning(event).isPresent())
                        .findFirst()
                        .filter(EventSignals::ofTheSandbox)
                        .isPresent();
        return events.stream()
                .filter(event -> !sandboxIsNewest || EventSignals.ofTheSandbox(event))
                .flatMap(event ->
                        EventSignals.meaning(event)
                                .map(means -> told(means, event, events))
                                .stream())
                .min(Comparator.comparing(Diagnosis::waitClass));
    }

    private static Diagnosis told(WaitClass means, EventSeen event, List<EventSeen> all) {
        long times =
                all.stream()
                        .filter(other -> other.reason().equals(event.reason()))
                        .mapToLong(EventSeen::count)
                        .sum();
        return new Diagnosis(
                means,
                BoundedText.of(event.reason() + ": " + event.message()),
                true,
                null,
                Math.max(1, times));
    }

    private static Optional<Diagnosis> scheduling(PodSeen pod) {
        PodSeen.Unscheduled waits = pod.unscheduled();
        if (waits == null) {
            return Optional.empty();
        }
        String text = waits.message();
        if (CLAIM_NOT_THERE.matcher(BoundedText.start(text)).find()) {
            return Optional.of(Diagnosis.of(WaitClass.UNSCHEDULABLE, text));
        }
        return Optional.of(
                switch (waits.room()) {
                    case GATED -> Diagnosis.of(WaitClass.SCHEDULING_GATED, text);
                    case SOMEWHERE -> Diagnosis.of(WaitClass.WAITING_FOR_ROOM, text);
                    case UNKNOWN ->
                            new Diagnosis(
                                    WaitClass.WAITING_FOR_ROOM,
                                    BoundedText.of(text),
                                    false,
                                    null,
                                    0);
                    case NOWHERE -> nowhere(pod, waits);
                });
    }

    private static Diagnosis nowhere(PodSeen pod, PodSeen.Unscheduled waits) {
        return pod.told().events().stream()
                .filter(EventSignals::aNodeComes)
                .findFirst()
                .map(event -> told(WaitClass.NODE_EXPECTED, event, pod.told().events()))
                .orElseGet(() ->
                        Diagnosis.of(
                                WaitClass.UNSCHEDULABLE, waits.why() + "; " + waits.message()));
    }

    private static Optional<Diagnosis> container(PodSeen.ContainerSeen container) {
        PodSeen.Waiting waiting = container.waiting();
        if (waiting == null) {
            return Optional.empty();
        }
        String text = withoutTheImage(BoundedText.start(waiting.message()), container.image());
        return StartSignals.meaning(waiting.reason(), text)
                .map(c ->
                        new Diagnosis(
                                c,
                                BoundedText.of(cause(container.name(), waiting)),
                                !StartSignals.saysNoCause(waiting.reason(), text),
                                container.image().isEmpty() || !c.ofTheImage()
                                        ? null
                                        : BoundedText.of(container.image(), 512),
                                0));
    }

    /** A port is no status code, nor is a tag. */
    private static String withoutTheImage(String message, String image) {
        String text = URL.matcher(message).replaceAll("URL");
        text = TAG_BY_ITSELF.matcher(text).replaceAll("reading manifest TAG in ");
        return (image.isEmpty() ? text : text.replace(image, "IMAGE")).toLowerCase(Locale.ROOT);
    }

    private static String cause(String container, PodSeen.Waiting waiting) {
        return "container " + container + ": " + waiting.reason() + ": " + waiting.message();
    }
}
