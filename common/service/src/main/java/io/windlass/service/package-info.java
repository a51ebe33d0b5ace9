/** What every service has: who it is, loops that stop when told to, health. */
@NullMarked
package io.windlass.service;

import org.jspecify.annotations.NullMarked;
