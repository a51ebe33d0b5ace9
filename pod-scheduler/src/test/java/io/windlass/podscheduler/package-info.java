@NullMarked
package io.windlass.podscheduler;

import org.jspecify.annotations.NullMarked;
