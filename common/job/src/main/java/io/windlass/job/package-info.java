/**
 * What a job is, what is seen of it, and what may become of it. Pure: the JDK and JSpecify alone.
 */
@NullMarked
package io.windlass.job;

import org.jspecify.annotations.NullMarked;
