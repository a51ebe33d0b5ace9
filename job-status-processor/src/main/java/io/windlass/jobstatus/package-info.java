/** Watches the Jobs that are ours and tells what changed. No database, no memory that matters. */
@NullMarked
package io.windlass.jobstatus;

import org.jspecify.annotations.NullMarked;
