@NullMarked
package io.windlass.processor;

import org.jspecify.annotations.NullMarked;
