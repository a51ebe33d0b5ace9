/** The only writer of job state: hears, decides, acts, sweeps. */
@NullMarked
package io.windlass.processor;

import org.jspecify.annotations.NullMarked;
