@NullMarked
package io.windlass.schedules;

import org.jspecify.annotations.NullMarked;
