@NullMarked
package io.windlass.podscheduler.observe;

import org.jspecify.annotations.NullMarked;
