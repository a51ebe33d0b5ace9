@NullMarked
package io.windlass.cli;

import org.jspecify.annotations.NullMarked;
