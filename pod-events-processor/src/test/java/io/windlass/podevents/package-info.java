@NullMarked
package io.windlass.podevents;

import org.jspecify.annotations.NullMarked;
