/** Pieces of logs in S3, and in what speaks it: the only place that knows of it. */
@NullMarked
package io.windlass.objects;

import org.jspecify.annotations.NullMarked;
