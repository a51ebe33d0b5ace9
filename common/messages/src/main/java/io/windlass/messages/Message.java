package io.windlass.messages;

import io.windlass.job.JobId;
import io.windlass.job.JobSeen;
import io.windlass.job.PodSeen;

/**
 * All that may stand in an envelope. A reader of a new type ships one release before its writer.
 */
public sealed interface Message {
    /** Something was submitted: the admitter need not wait for its second. */
    record Admit() implements Message {}

    record CancelRequested(JobId jobId, String by) implements Message {}

    record JobObserved(JobId jobId, JobSeen job, boolean gone) implements Message {}

    /** Of a Job whose pods are not taken: nothing but a reason to look. */
    record JobEventHeard(JobId jobId, String uid) implements Message {}

    record PodObserved(JobId jobId, PodSeen pod) implements Message {}
}
