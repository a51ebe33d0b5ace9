package io.windlass.job;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Tells from a pod's status why it does not start. Pure and total: any text at all gives an answer.
 */
public final class StartClassifier {
    private static final Set<String> PULLING =
            Set.of("ErrImagePull", "ImagePullBackOff", "RegistryUnavailable");

    /** First of all, since a registry's hiccup may also say "not found" on the way. */
    private static final Pattern TRANSIENT =
            Pattern.compile(
                    "429|toomanyrequests|too many requests|pull qps exceeded|\\b50[0-9]\\b"
                            + "|internal server error|bad gateway|service unavailable|gateway timeout"
                            + "|time-?out|timed out|deadline exceeded|refused|reset by peer|\\beof\\b"
                            + "|no such host|name resolution|network is unreachable|tls|x509|certificate");

    private static final Pattern NOT_THERE =
            Pattern.compile("manifest unknown|not found|name unknown");
    private static final Pattern DENIED =
            Pattern.compile("unauthorized|denied|authorization failed|\\b401\\b|403 forbidden");
    private static final Pattern CONFIG_NOT_THERE =
            Pattern.compile("not found|couldn't find key .* in (configmap|secret)");

    private StartClassifier() {}

    public record Diagnosis(WaitClass waitClass, String cause) {}

    public static Optional<Diagnosis> classify(PodSeen pod) {
        if (pod.over() || pod.deletionAt() != null) {
            return Optional.empty();
        }
        List<Diagnosis> found =
                pod.containers().stream()
                        .map(StartClassifier::container)
                        .flatMap(Optional::stream)
                        .sorted((a, b) -> a.waitClass().compareTo(b.waitClass()))
                        .toList();
        if (!found.isEmpty()) {
            return Optional.of(found.getFirst());
        }
        return Optional.ofNullable(pod.unschedulable())
                .map(why -> new Diagnosis(WaitClass.WAITING_FOR_ROOM, BoundedText.of(why)));
    }

    private static Optional<Diagnosis> container(PodSeen.ContainerSeen container) {
        PodSeen.Waiting waiting = container.waiting();
        if (waiting == null) {
            return Optional.empty();
        }
        String text =
                waiting.message().replace(container.image(), "IMAGE").toLowerCase(Locale.ROOT);
        return waitClass(waiting.reason(), text)
                .map(c -> new Diagnosis(c, BoundedText.of(cause(container.name(), waiting))));
    }

    private static Optional<WaitClass> waitClass(String reason, String text) {
        if (reason.equals("InvalidImageName")) {
            return Optional.of(WaitClass.IMAGE_NAME_INVALID);
        }
        if (PULLING.contains(reason)
                && !TRANSIENT.matcher(text).find()
                && !DENIED.matcher(text).find()
                && NOT_THERE.matcher(text).find()) {
            return Optional.of(WaitClass.IMAGE_NOT_FOUND);
        }
        if (reason.equals("CreateContainerConfigError") && CONFIG_NOT_THERE.matcher(text).find()) {
            return Optional.of(WaitClass.CONFIG_MISSING);
        }
        return Optional.empty();
    }

    private static String cause(String container, PodSeen.Waiting waiting) {
        return "container " + container + ": " + waiting.reason() + ": " + waiting.message();
    }
}
