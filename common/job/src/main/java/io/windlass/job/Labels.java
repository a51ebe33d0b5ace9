package io.windlass.job;

import java.util.Map;

/** The labels that may be given to a job, or to what makes jobs. */
public final class Labels {
    private static final int MAX_LABELS = 32;

    private Labels() {}

    public static Map<String, String> read(Fields job) {
        Map<String, String> labels = job.textMap("labels");
        if (labels.size() > MAX_LABELS) {
            job.error("labels", "must be at most " + MAX_LABELS);
        }
        Fields at = job.object("labels");
        labels.forEach((key, value) -> {
            if (at == null) {
                return;
            }
            if (!Syntax.labelKey(key)) {
                at.error(key, "is no label key that Kubernetes takes");
            } else if (reserved(key)) {
                at.error(key, "is kept for Windlass and Kubernetes");
            } else if (!Syntax.labelValue(value)) {
                at.error(key, "must be at most 63 of letters, digits, '-', '_' and '.'");
            }
        });
        return labels;
    }

    private static boolean reserved(String key) {
        return key.startsWith("windlass.io/")
                || key.equals("app.kubernetes.io/managed-by")
                || key.startsWith("batch.kubernetes.io/")
                || key.equals("job-name")
                || key.equals("controller-uid");
    }
}
