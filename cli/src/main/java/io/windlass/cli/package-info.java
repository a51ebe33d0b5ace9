/** The command line, over the HTTP API only. */
@NullMarked
package io.windlass.cli;

import org.jspecify.annotations.NullMarked;
