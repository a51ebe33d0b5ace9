package io.windlass.job;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is to be written and then done. No evidence means that only the times of checks may differ.
 *
 * @param foreign how many objects were seen that bear the job's labels and are not its
 * @param startedImages whose containers were seen to start just now
 */
public record Decision(
        Progress next,
        List<PodRecord> changedPods,
        List<Command> commands,
        @Nullable Evidence evidence,
        Set<String> startedImages,
        int foreign) {}
