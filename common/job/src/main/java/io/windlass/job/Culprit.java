package io.windlass.job;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which object a job waits for, by kind and name: what jobs in the same trouble have in common. */
final class Culprit {
    private record Row(Pattern text, String kind) {}

    /** A name is the first group. */
    private static final List<Row> ROWS =
            List.of(
                    row("secret \"([^\"]+)\"", "Secret"),
                    row("couldn't find key \\S+ in secret [^/\\s]+/(\\S+)", "Secret"),
                    row("configmap \"([^\"]+)\"", "ConfigMap"),
                    row("couldn't find key \\S+ in configmap [^/\\s]+/(\\S+)", "ConfigMap"),
                    row("serviceaccount \"([^\"]+)\"", "ServiceAccount"),
                    row("persistentvolumeclaim \"([^\"]+)\"", "PersistentVolumeClaim"),
                    row("for volume \"([^\"]+)\"", "volume"),
                    row("exceeded quota: ([^,\\s]+)", "ResourceQuota"),
                    row("failed calling webhook \"([^\"]+)\"", "webhook"),
                    row("admission webhook \"([^\"]+)\"", "webhook"),
                    row("validatingadmissionpolicy '([^']+)'", "ValidatingAdmissionPolicy"),
                    row("violates podsecurity \"([^\"]+)\"", "PodSecurity"),
                    row("namespace ([a-z0-9-]+) because it is being terminated", "Namespace"),
                    row("namespaces \"([^\"]+)\" not found", "Namespace"));

    private Culprit() {}

    private static Row row(String text, String kind) {
        return new Row(Pattern.compile(text), kind);
    }

    static Optional<String> of(WaitClass waitClass, String message, @Nullable String image) {
        if (waitClass == WaitClass.IMAGE_PULL_FAILED && image != null) {
            return Optional.of("registry " + ImageReference.registry(image));
        }
        if (image != null) {
            return Optional.of("image " + image);
        }
        String text = BoundedText.start(message).toLowerCase(Locale.ROOT);
        return ROWS.stream().map(row -> found(row, text)).flatMap(Optional::stream).findFirst();
    }

    private static Optional<String> found(Row row, String text) {
        Matcher matcher = row.text().matcher(text);
        return matcher.find()
                ? Optional.of(row.kind() + " " + BoundedText.of(matcher.group(1), 253))
                : Optional.empty();
    }
}
