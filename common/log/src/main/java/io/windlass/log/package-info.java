/** What a container wrote: its bytes, when its lines began, and where to go on. Pure. */
@NullMarked
package io.windlass.log;

import org.jspecify.annotations.NullMarked;
