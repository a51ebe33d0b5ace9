/**
 * A small Kubernetes on loopback: an API server, a Job controller, and a node whose containers are
 * processes of this machine. What it promises is what its conformance suite checks, which runs
 * against a real cluster too.
 */
@NullMarked
package io.windlass.standalone.localcluster;

import org.jspecify.annotations.NullMarked;
