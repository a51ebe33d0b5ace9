/** What is done about it: bindings, conditions, events, and when. */
@NullMarked
package io.windlass.podscheduler.bind;

import org.jspecify.annotations.NullMarked;
