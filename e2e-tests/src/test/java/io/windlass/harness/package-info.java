@NullMarked
package io.windlass.harness;

import org.jspecify.annotations.NullMarked;
