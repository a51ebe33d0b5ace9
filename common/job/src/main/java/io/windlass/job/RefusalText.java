package io.windlass.job;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** What a 403 means: the API server has one code for policies, quotas, and missing permissions. */
public final class RefusalText {
    /** In lower case: nobody will take an object like this, however often it is tried. */
    static final String POLICY =
            "denied the request|denied request|validatingadmissionpolicy|violates podsecurity"
                    + "| is invalid|usage per (container|pod|persistentvolumeclaim)|failed quota:"
                    + "|must specify|no priorityclass with name|runtimeclass .* not found";

    private static final Pattern REFUSED_BY_POLICY = Pattern.compile(POLICY);

    private RefusalText() {}

    public static Input.Refusal of(String whole) {
        String message = BoundedText.start(whole);
        if (message.contains("because it is being terminated")) {
            return Input.Refusal.NAMESPACE_MISSING;
        }
        if (QuotaText.is(message)) {
            return QuotaText.tooMuchForAnEmptyNamespace(message, Map.of())
                    ? Input.Refusal.QUOTA_EXCEEDED
                    : Input.Refusal.NO_ROOM;
        }
        return REFUSED_BY_POLICY.matcher(message.toLowerCase(Locale.ROOT)).find()
                ? Input.Refusal.REJECTED_BY_POLICY
                : Input.Refusal.FORBIDDEN;
    }
}
