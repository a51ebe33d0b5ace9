/**
 * The HTTP API: stores what is asked for and answers after the commit. It has no access to any
 * cluster.
 */
@NullMarked
package io.windlass.web;

import org.jspecify.annotations.NullMarked;
