@NullMarked
package io.windlass.web;

import org.jspecify.annotations.NullMarked;
