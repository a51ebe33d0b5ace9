/**
 * What services tell each other: observations and intents, never orders; signed, and without specs
 * or secrets.
 */
@NullMarked
package io.windlass.messages;

import org.jspecify.annotations.NullMarked;
