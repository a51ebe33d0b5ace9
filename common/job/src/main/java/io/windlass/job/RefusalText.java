package io.windlass.job;

/** What a 403 means: the API server has one code for policies, quotas, and missing permissions. */
public final class RefusalText {
    private RefusalText() {}

    public static Input.Refusal of(String message) {
        if (message.contains("because it is being terminated")) {
            return Input.Refusal.NAMESPACE_MISSING;
        }
        if (QuotaText.is(message)) {
            return QuotaText.tooMuchForAnEmptyNamespace(message)
                    ? Input.Refusal.QUOTA_EXCEEDED
                    : Input.Refusal.NO_ROOM;
        }
        return policy(message) ? Input.Refusal.REJECTED_BY_POLICY : Input.Refusal.FORBIDDEN;
    }

    private static boolean policy(String message) {
        return message.contains("denied the request")
                || message.contains("ValidatingAdmissionPolicy")
                || message.contains("violates PodSecurity");
    }
}
