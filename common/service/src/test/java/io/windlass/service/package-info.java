@NullMarked
package io.windlass.service;

import org.jspecify.annotations.NullMarked;
