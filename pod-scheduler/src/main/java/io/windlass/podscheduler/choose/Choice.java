package io.windlass.podscheduler.choose;

import org.jspecify.annotations.Nullable;

/** What is to become of a pod now. */
public sealed interface Choice {
    /** To that node; a warning where what names it names others as well. */
    record Bind(String node, @Nullable String warning) implements Choice {}

    record Wait(String why) implements Choice {}
}
