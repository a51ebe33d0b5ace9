@NullMarked
package io.windlass.podscheduler.choose;

import org.jspecify.annotations.NullMarked;
