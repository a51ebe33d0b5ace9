/** Three hostile namespaces, and one beside them that must not notice. */
@NullMarked
package io.windlass.e2e.neighbour;

import org.jspecify.annotations.NullMarked;
