/** A scheduler beside Kubernetes' own: it binds the pods that name it. */
@NullMarked
package io.windlass.podscheduler;

import org.jspecify.annotations.NullMarked;
