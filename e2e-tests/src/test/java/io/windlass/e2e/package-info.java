/**
 * Windlass from outside: HTTP, Kubernetes, and read-only SQL. No product code is on this class
 * path.
 */
@NullMarked
package io.windlass.e2e;

import org.jspecify.annotations.NullMarked;
