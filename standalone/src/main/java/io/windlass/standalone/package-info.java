/**
 * Every service in one JVM, with a database, a queue and, unless told otherwise, a cluster of its
 * own.
 */
@NullMarked
package io.windlass.standalone;

import org.jspecify.annotations.NullMarked;
