/** Watches the pods that are ours and their events; tells why they wait and how they ended. */
@NullMarked
package io.windlass.podevents;

import org.jspecify.annotations.NullMarked;
