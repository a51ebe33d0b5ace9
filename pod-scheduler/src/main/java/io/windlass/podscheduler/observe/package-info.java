/** What is in the cluster, as the watches tell it, and what was just decided on top of it. */
@NullMarked
package io.windlass.podscheduler.observe;

import org.jspecify.annotations.NullMarked;
