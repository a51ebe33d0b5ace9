@NullMarked
package io.windlass.gateway;

import org.jspecify.annotations.NullMarked;
