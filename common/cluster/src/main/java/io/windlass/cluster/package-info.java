/** The Kubernetes edge: what the rest of Windlass says and sees in its own types. */
@NullMarked
package io.windlass.cluster;

import org.jspecify.annotations.NullMarked;
