package io.windlass.job;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be written and then done. No evidence means that only {@code nextCheckAt} may differ.
 */
public record Decision(
        Progress next,
        List<PodRecord> changedPods,
        List<Command> commands,
        @Nullable Evidence evidence) {}
