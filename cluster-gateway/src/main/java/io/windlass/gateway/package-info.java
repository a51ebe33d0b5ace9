/** What is in a cluster now, for web-server to ask; and the keeping of what containers write. */
@NullMarked
package io.windlass.gateway;

import org.jspecify.annotations.NullMarked;
