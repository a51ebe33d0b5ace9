@NullMarked
package io.windlass.job;

import org.jspecify.annotations.NullMarked;
