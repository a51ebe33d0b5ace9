@NullMarked
package io.windlass.simulator;

import org.jspecify.annotations.NullMarked;
