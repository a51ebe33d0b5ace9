@NullMarked
package io.windlass.schedule;

import org.jspecify.annotations.NullMarked;
