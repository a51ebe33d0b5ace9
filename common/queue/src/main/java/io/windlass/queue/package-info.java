/** SQS: the only place that knows it. Messages save time; nothing is lost with them. */
@NullMarked
package io.windlass.queue;

import org.jspecify.annotations.NullMarked;
