@NullMarked
package io.windlass.podscheduler.bind;

import org.jspecify.annotations.NullMarked;
