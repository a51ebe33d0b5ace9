package io.windlass.benchmarks;

import io.windlass.harness.Api;
import java.io.IOException;
import java.util.Map;

/** All that a filter matches: a call does so much and says whether there is more. */
final class Bulk {
    private Bulk() {}

    /** How many were cancelled; stops where it is about as many as were wanted. */
    static long cancel(Api api, String filter, long most) throws IOException {
        long done = 0;
        boolean more = true;
        while (more && done < most) {
            Map<String, Object> answer =
                    api.call("POST", "/api/v1/jobs:cancel?" + filter, null).body();
            done += Long.parseLong(answer.get("done").toString());
            more = Boolean.TRUE.equals(answer.get("more"));
        }
        return done;
    }
}
