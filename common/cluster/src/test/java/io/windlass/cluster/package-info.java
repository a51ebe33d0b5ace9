@NullMarked
package io.windlass.cluster;

import org.jspecify.annotations.NullMarked;
