/**
 * What a schedule is, which instants it plans, and what is done about each of them. Pure: no clock,
 * no I/O; nothing of Spring but its cron expressions.
 */
@NullMarked
package io.windlass.schedule;

import org.jspecify.annotations.NullMarked;
