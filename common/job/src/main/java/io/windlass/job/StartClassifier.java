package io.windlass.job;

import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells from a pod's status why it does not start. Pure and total: any text at all gives an answer.
 */
public final class StartClassifier {
    private static final int ENOUGH = 8_000;
    private static final Pattern URL = Pattern.compile("https?://[^\\s\"]+");
    private static final Pattern CLAIM_NOT_THERE =
            Pattern.compile("persistentvolumeclaim \"[^\"]*\" not found");

    private StartClassifier() {}

    /**
     * What holds a pod back.
     *
     * @param complete false where the cause is known only in part: what was known before tells more
     */
    public record Diagnosis(WaitClass waitClass, String cause, boolean complete) {}

    public static Optional<Diagnosis> classify(PodSeen pod) {
        if (pod.over() || pod.deletionAt() != null) {
            return Optional.empty();
        }
        return pod.containers().stream()
                .map(StartClassifier::container)
                .flatMap(Optional::stream)
                .min(Comparator.comparing(Diagnosis::waitClass))
                .or(() -> scheduling(pod.unschedulable()));
    }

    private static Optional<Diagnosis> scheduling(@Nullable String why) {
        return Optional.ofNullable(why)
                .map(text ->
                        new Diagnosis(
                                CLAIM_NOT_THERE.matcher(start(text)).find()
                                        ? WaitClass.UNSCHEDULABLE
                                        : WaitClass.WAITING_FOR_ROOM,
                                BoundedText.of(text),
                                true));
    }

    private static Optional<Diagnosis> container(PodSeen.ContainerSeen container) {
        PodSeen.Waiting waiting = container.waiting();
        if (waiting == null) {
            return Optional.empty();
        }
        String text = withoutTheImage(start(waiting.message()), container.image());
        return StartSignals.meaning(waiting.reason(), text)
                .map(c ->
                        new Diagnosis(
                                c,
                                BoundedText.of(cause(container.name(), waiting)),
                                !StartSignals.saysNoCause(waiting.reason(), text)));
    }

    /** A port is no status code, nor is a tag. */
    private static String withoutTheImage(String message, String image) {
        String text = URL.matcher(message).replaceAll("URL");
        return (image.isEmpty() ? text : text.replace(image, "IMAGE")).toLowerCase(Locale.ROOT);
    }

    /** What is behind it tells nothing more, and a pattern should not have to read a megabyte. */
    private static String start(String text) {
        return text.substring(0, Math.min(text.length(), ENOUGH));
    }

    private static String cause(String container, PodSeen.Waiting waiting) {
        return "container " + container + ": " + waiting.reason() + ": " + waiting.message();
    }
}
