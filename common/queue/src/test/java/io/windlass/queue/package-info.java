@NullMarked
package io.windlass.queue;

import org.jspecify.annotations.NullMarked;
