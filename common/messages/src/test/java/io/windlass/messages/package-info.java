@NullMarked
package io.windlass.messages;

import org.jspecify.annotations.NullMarked;
