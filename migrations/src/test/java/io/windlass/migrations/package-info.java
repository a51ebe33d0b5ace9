@NullMarked
package io.windlass.migrations;

import org.jspecify.annotations.NullMarked;
