/** The schema, and the runner that brings a database up to it. */
@NullMarked
package io.windlass.migrations;

import org.jspecify.annotations.NullMarked;
