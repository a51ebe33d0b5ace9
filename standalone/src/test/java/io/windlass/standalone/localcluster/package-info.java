@NullMarked
package io.windlass.standalone.localcluster;

import org.jspecify.annotations.NullMarked;
