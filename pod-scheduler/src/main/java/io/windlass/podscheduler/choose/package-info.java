/** Which node a pod belongs on: values in, a value out. */
@NullMarked
package io.windlass.podscheduler.choose;

import org.jspecify.annotations.NullMarked;
