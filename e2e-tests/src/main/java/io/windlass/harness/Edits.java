package io.windlass.harness;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import org.awaitility.Awaitility;

/** Changes objects that the cluster's controllers change too: nodes, and pods of real nodes. */
public final class Edits {
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(20);

    private Edits() {}

    /** Reads and writes again where somebody else wrote in between (409). */
    public static void retried(Runnable edit) {
        Awaitility.await("an edit without a conflict")
                .atMost(LONGEST)
                .pollDelay(Duration.ZERO)
                .pollInterval(PAUSE)
                .until(() -> taken(edit));
    }

    private static boolean taken(Runnable edit) {
        try {
            edit.run();
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
            return false;
        }
    }
}
