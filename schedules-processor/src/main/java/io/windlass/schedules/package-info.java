/** The cron engine: every planned instant of a schedule gets its verdict, and its job, once. */
@NullMarked
package io.windlass.schedules;

import org.jspecify.annotations.NullMarked;
